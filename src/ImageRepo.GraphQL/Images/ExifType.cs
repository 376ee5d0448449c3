using GraphQL.Types;
using ImageRepo.Domain.Pictures;
using ImageRepo.GraphQL.Scalars;

namespace ImageRepo.GraphQL.Images;

internal sealed class ExifType : ObjectGraphType<Exif>
{
    public ExifType()
    {
        Name = "Exif";
        Description = "What the camera wrote about a photo.";
        Field("make", e => e.Make, nullable: true).Description("The camera's maker.");
        Field("model", e => e.Model, nullable: true).Description("The camera.");
        Field("lens", e => e.Lens, nullable: true).Description("The lens.");
        Field("exposureTime", e => e.ExposureTime, nullable: true).Description("In seconds, for example `1/250`.");
        Field<FloatGraphType>("fNumber").Description("The aperture's f-number.").Resolve(e => e.Source.FNumber);
        Field("iso", e => e.Iso, nullable: true).Description("The sensitivity.");
        Field<FloatGraphType>("focalLength").Description("In millimetres.").Resolve(e => e.Source.FocalLength);
        Field<DateTimeScalar>("takenAt").Description("The camera's clock; taken as UTC where the file names no offset.").Resolve(e => e.Source.TakenAt);
        Field("software", e => e.Software, nullable: true).Description("The program that wrote the file.");
        Field<LocationType>("location").Description("Where it was taken.").Resolve(e => e.Source.Location);
    }
}

internal sealed class LocationType : ObjectGraphType<GeoLocation>
{
    public LocationType()
    {
        Name = "Location";
        Description = "A place on Earth.";
        Field<NonNullGraphType<FloatGraphType>>("latitude").Description("Degrees, north positive.").Resolve(l => l.Source.Latitude);
        Field<NonNullGraphType<FloatGraphType>>("longitude").Description("Degrees, east positive.").Resolve(l => l.Source.Longitude);
        Field<FloatGraphType>("altitude").Description("Metres above the sea.").Resolve(l => l.Source.Altitude);
    }
}
