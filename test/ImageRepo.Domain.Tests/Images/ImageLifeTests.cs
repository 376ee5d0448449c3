using ImageRepo.Domain.Analysis;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;

namespace ImageRepo.Domain.Tests.Images;

public sealed class ImageLifeTests
{
    [Fact]
    public void A_new_upload_can_be_seen_and_waits_for_its_analysis()
    {
        var image = Given.Uploaded("Holiday");

        Assert.Equal(AnalysisStatus.Pending, image.Analysis.Status);
        Assert.Equal(3, image.Renditions.Count);
        Assert.Equal(["holiday"], image.Tags.Names());
        Assert.Null(image.Description);
        Assert.Equal(ImageOrientation.Landscape, image.Orientation);
        Assert.False(image.IsTrashed);
    }

    [Fact]
    public void The_camera_says_when_a_photo_was_taken()
    {
        var taken = new DateTimeOffset(2020, 2, 2, 2, 2, 2, TimeSpan.FromHours(2));
        var exif = new Exif(null, null, null, null, null, null, null, taken, null, null);

        var image = Image.Upload(Given.Staged(), Given.Picture(exif: exif), UploadDetails.None, Given.Limits, Given.Noon);

        Assert.Equal(taken, image.TakenAt);
    }

    [Theory]
    [InlineData(1000, 1000, ImageOrientation.Square)]
    [InlineData(1050, 1000, ImageOrientation.Square)]
    [InlineData(1060, 1000, ImageOrientation.Landscape)]
    [InlineData(1000, 1060, ImageOrientation.Portrait)]
    [InlineData(1, 2, ImageOrientation.Portrait)]
    public void Orientation_is_the_shape_within_five_percent(int width, int height, ImageOrientation expected) =>
        Assert.Equal(expected, Image.OrientationOf(width, height));

    [Fact]
    public void Attempts_are_counted_when_they_start()
    {
        var image = Given.Uploaded();

        image.StartAnalysis();
        Assert.Equal((AnalysisStatus.Running, 1), (image.Analysis.Status, image.Analysis.Attempts));

        image.PostponeAnalysis("The analyzer is away.");
        Assert.Equal((AnalysisStatus.Pending, 1, "The analyzer is away."), (image.Analysis.Status, image.Analysis.Attempts, image.Analysis.Failure));

        image.StartAnalysis();
        Assert.Equal(2, image.Analysis.Attempts);
    }

    [Fact]
    public void A_worker_that_died_does_not_keep_the_next_from_starting()
    {
        var image = Given.Uploaded();
        image.StartAnalysis();

        image.StartAnalysis();

        Assert.Equal((AnalysisStatus.Running, 2), (image.Analysis.Status, image.Analysis.Attempts));
    }

    [Fact]
    public void A_completed_analysis_describes_and_tags()
    {
        var image = Given.Analyzed("boat", "sea");

        Assert.Equal(AnalysisStatus.Completed, image.Analysis.Status);
        Assert.Equal("test 1.0", image.Analysis.Analyzer);
        Assert.Equal(Given.Noon.AddMinutes(1), image.Analysis.AnalyzedAt);
        Assert.Equal(new ImageDescription("A photo of a boat", ContentSource.Analyzer, 0.8f), image.Description);
        Assert.Equal("A photo of a boat", image.AltText);
        Assert.All(image.Tags, t => Assert.Equal((ContentSource.Analyzer, 0.9f), (t.Source, t.Confidence)));
    }

    [Fact]
    public void An_analysis_that_was_not_started_cannot_end()
    {
        var image = Given.Uploaded();

        Assert.Throws<IllegalImageTransitionException>(() => image.CompleteAnalysis(Given.Result("boat"), Given.Limits, Given.Noon));
        Assert.Throws<IllegalImageTransitionException>(() => image.PostponeAnalysis("later"));
        Assert.Empty(image.Tags);
    }

    [Fact]
    public void Another_analysis_is_asked_for_once_and_what_was_found_stays_meanwhile()
    {
        var image = Given.Analyzed("boat");

        Assert.True(image.RequestAnalysis());
        Assert.Equal((AnalysisStatus.Pending, "test 1.0", 0), (image.Analysis.Status, image.Analysis.Analyzer, image.Analysis.Attempts));
        Assert.Equal(["boat"], image.Tags.Names());

        Assert.False(image.RequestAnalysis());
        image.StartAnalysis();
        Assert.False(image.RequestAnalysis());
    }

    [Fact]
    public void A_failed_analysis_can_be_asked_for_again()
    {
        var image = Given.Uploaded();
        image.StartAnalysis();
        image.FailAnalysis("The picture can't be read.", Given.Noon);

        Assert.True(image.RequestAnalysis());
        Assert.Equal((AnalysisStatus.Pending, null), (image.Analysis.Status, image.Analysis.Failure));
    }

    [Fact]
    public void A_failed_reanalysis_keeps_what_was_found_before()
    {
        var image = Given.Analyzed("boat");

        image.StartAnalysis();
        image.FailAnalysis("The picture can't be read.", Given.Noon);

        Assert.Equal(AnalysisStatus.Failed, image.Analysis.Status);
        Assert.Equal("The picture can't be read.", image.Analysis.Failure);
        Assert.Equal(["boat"], image.Tags.Names());
    }

    [Fact]
    public void Trash_and_restore_keep_words_and_tags()
    {
        var image = Given.Analyzed("boat");

        image.Trash(Given.Noon.AddDays(1));
        image.Trash(Given.Noon.AddDays(2));
        Assert.Equal(Given.Noon.AddDays(1), image.DeletedAt);

        image.Restore(Given.Noon.AddDays(3));
        Assert.False(image.IsTrashed);
        Assert.Equal(["boat"], image.Tags.Names());
    }
}
