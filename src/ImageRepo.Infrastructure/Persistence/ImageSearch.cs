using ImageRepo.Domain.Images;
using ImageRepo.Infrastructure.Persistence.Configurations;
using Microsoft.EntityFrameworkCore;
using NpgsqlTypes;

namespace ImageRepo.Infrastructure.Persistence;

public static class ImageSearch
{
    /// <summary>The images that hold all the words and none of the excluded ones: as written, or in English by their stem.</summary>
    public static IQueryable<Image> Matching(this IQueryable<Image> images, SearchWords search)
    {
        foreach (var term in search.Terms)
        {
            // Words are letters and digits alone, so nothing in them is an operator of tsquery.
            var query = string.Join(" <-> ", term.Words) + (term.IsPrefix ? ":*" : "");
            images = term.IsExcluded
                ? images.Where(i => !EF.Property<NpgsqlTsVector>(i, ImageConfiguration.SearchVector)
                    .Matches(EF.Functions.ToTsQuery("simple", query).Or(EF.Functions.ToTsQuery("english", query))))
                : images.Where(i => EF.Property<NpgsqlTsVector>(i, ImageConfiguration.SearchVector)
                    .Matches(EF.Functions.ToTsQuery("simple", query).Or(EF.Functions.ToTsQuery("english", query))));
        }
        return images;
    }
}
