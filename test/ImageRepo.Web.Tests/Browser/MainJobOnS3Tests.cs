using ImageRepo.Testing;

namespace ImageRepo.Web.Tests.Browser;

public sealed class MainJobOnS3Tests(S3App app, ChromiumBrowser browser) : MainJob<S3App>(app, browser);
