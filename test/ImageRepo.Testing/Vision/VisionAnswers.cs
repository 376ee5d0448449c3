namespace ImageRepo.Testing.Vision;

/// <summary>Answers in the service's own shapes, for a picture of 1000 x 500 pixels.</summary>
public static class VisionAnswers
{
    public const string Version40 = """
        {
          "modelVersion": "2023-10-01",
          "captionResult": { "text": "a man pointing at a screen", "confidence": 0.7768 },
          "metadata": { "width": 1000, "height": 500 },
          "tagsResult": { "values": [ { "name": "text", "confidence": 0.9966 }, { "name": "Clothing", "confidence": 0.98 }, { "name": "clothing", "confidence": 0.5 } ] },
          "objectsResult": { "values": [
            { "boundingBox": { "x": 250, "y": 100, "w": 500, "h": 200 }, "tags": [ { "name": "laptop", "confidence": 0.8 } ] },
            { "boundingBox": { "x": 0, "y": 0, "w": 300, "h": 500 }, "tags": [ { "name": "person", "confidence": 0.9 } ] } ] },
          "readResult": { "blocks": [ { "lines": [ {
            "text": "9:35 AM",
            "boundingPolygon": [ { "x": 100, "y": 50 }, { "x": 300, "y": 50 }, { "x": 300, "y": 100 }, { "x": 100, "y": 100 } ],
            "words": [ { "text": "9:35", "boundingPolygon": [], "confidence": 0.9 }, { "text": "AM", "boundingPolygon": [], "confidence": 0.7 } ] } ] } ] },
          "peopleResult": { "values": [
            { "boundingBox": { "x": 0, "y": 0, "w": 300, "h": 500 }, "confidence": 0.95 },
            { "boundingBox": { "x": 500, "y": 0, "w": 300, "h": 500 }, "confidence": 0.85 },
            { "boundingBox": { "x": 640, "y": 0, "w": 9, "h": 10 }, "confidence": 0.0012 } ] }
        }
        """;

    public const string Version32 = """
        {
          "tags": [ { "name": "person", "confidence": 0.9897 }, { "name": "indoor", "confidence": 0.95, "hint": "place" } ],
          "description": { "tags": [ "person", "man" ], "captions": [ { "text": "Satya Nadella sitting on a bench", "confidence": 0.4829 } ] },
          "requestId": "0dbec5ad-a3d3-4f7e-96b4-dfd57efe967d",
          "metadata": { "width": 1000, "height": 500, "format": "Jpeg" },
          "modelVersion": "2021-04-01"
        }
        """;

    public const string Busy = """{"error":{"code":"429","message":"Requests to the Analyze Operation have exceeded the call rate limit of your current tier. Please retry after 40 seconds."}}""";

    public const string BadKey = """{"error":{"code":"401","message":"Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription."}}""";

    public const string WithoutCaption = """{"error":{"code":"InvalidRequest","message":"The feature 'Caption' is not supported in this region.","innererror":{"code":"NotSupportedVisualFeature","message":"The feature 'Caption' is not supported in this region."}}}""";

    public const string InvalidPicture = """{"error":{"code":"InvalidRequest","message":"Image format is not valid.","innererror":{"code":"InvalidImageFormat","message":"Image format is not valid."}}}""";
}
