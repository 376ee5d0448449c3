using System.Globalization;
using ImageRepo.Domain.Images;

namespace ImageRepo.Bench.Library;

/// <summary>Words by how often they are used: the n-th word n times as seldom as the first, as Zipf found.</summary>
internal sealed class Vocabulary
{
    public const int Count = 10_000;
    private const string Consonants = "bdfgklmnprstvz";
    private const string Vowels = "aeiou";
    private readonly double[] _cumulative = new double[Count];

    public Vocabulary()
    {
        var sum = 0.0;
        for (var rank = 1; rank <= Count; rank++)
        {
            _cumulative[rank - 1] = sum += 1.0 / rank;
        }
    }

    public static TagName Common { get; } = Word(1);
    public static TagName AlsoCommon { get; } = Word(2);
    public static TagName ThirdCommon { get; } = Word(3);
    public static TagName Medium { get; } = Word(60);
    public static TagName Rare { get; } = Word(6_000);

    /// <summary>On 4 % of the owner's images, all among the oldest.</summary>
    public static TagName Clustered { get; } = TagName.Parse("school days");

    public static IEnumerable<TagName> All => Enumerable.Range(1, Count).Select(Word).Append(Clustered);

    public TagName Draw(Random random)
    {
        var at = Array.BinarySearch(_cumulative, random.NextDouble() * _cumulative[^1]);
        return Word(Math.Min(at < 0 ? ~at : at, Count - 1) + 1);
    }

    /// <summary>Three syllables and a number's worth of meaning, so that no two words share a stem.</summary>
    private static TagName Word(int rank)
    {
        var syllables = Consonants.Length * Vowels.Length;
        return TagName.Parse(string.Create(CultureInfo.InvariantCulture,
            $"{Syllable(rank % syllables)}{Syllable(rank / syllables % syllables)}{Syllable(rank / syllables / syllables)}x"));
    }

    private static string Syllable(int number) => $"{Consonants[number / Vowels.Length % Consonants.Length]}{Vowels[number % Vowels.Length]}";
}
