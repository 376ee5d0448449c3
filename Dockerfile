FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
# npm restores the playground.
RUN apt-get update && apt-get install -y --no-install-recommends npm && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY src/ImageRepo.Domain/*.csproj src/ImageRepo.Domain/
COPY src/ImageRepo.Infrastructure/*.csproj src/ImageRepo.Infrastructure/
COPY src/ImageRepo.GraphQL/*.csproj src/ImageRepo.GraphQL/
COPY src/ImageRepo.Web/*.csproj src/ImageRepo.Web/
COPY src/ImageRepo.Web/Playground/Playground.targets src/ImageRepo.Web/Playground/
RUN dotnet restore src/ImageRepo.Web
COPY models models
COPY docs/clients.md docs/
COPY src src
RUN dotnet publish src/ImageRepo.Web -c Release --no-restore -o /app \
 && mkdir /data

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
# The data folder (objects and, unless Encryption__MasterKey is set, the master key) belongs to the image's own ordinary user.
COPY --from=build --chown=$APP_UID:$APP_UID --chmod=700 /data /data
USER $APP_UID
VOLUME /data
# MALLOC_*: decoded pictures go back to the system at once, a quarter of the memory.
ENV ASPNETCORE_URLS=http://+:8080 DataDirectory=/data MALLOC_ARENA_MAX=2 MALLOC_TRIM_THRESHOLD_=131072
EXPOSE 8080
# The image has neither curl nor wget; bash speaks enough HTTP.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/live HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
# For commands: docker compose exec imagerepo imagerepo user list
COPY --chmod=755 scripts/imagerepo /usr/local/bin/imagerepo
ENTRYPOINT ["imagerepo"]
