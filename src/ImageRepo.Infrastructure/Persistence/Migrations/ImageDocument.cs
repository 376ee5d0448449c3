namespace ImageRepo.Infrastructure.Persistence.Migrations;

/// <summary>
/// The words under which an image is found. Everything but letters and digits separates words, since PostgreSQL's parser would
/// read "beach-party.jpg" as a host. Each word counts as written and, for English, by its stem.
/// A generated column needs a function that is immutable, hence the function of one's own.
/// </summary>
internal static class ImageDocument
{
    public const string Create = """
        create function image_words(said text) returns text language sql immutable parallel safe
            return regexp_replace(coalesce(said, ''), '[^[:alnum:]]+', ' ', 'g');
        create function image_document(file_name text, owner_alt_text text, owner_description text, analyzer_description text, tag_names text[])
            returns tsvector language sql immutable parallel safe
            return to_tsvector('pg_catalog.simple', image_words(file_name) || ' ' || image_words(owner_alt_text) || ' ' || image_words(owner_description)
                    || ' ' || image_words(analyzer_description) || ' ' || image_words(array_to_string(tag_names, ' ')))
                || to_tsvector('pg_catalog.english', image_words(file_name) || ' ' || image_words(owner_alt_text) || ' ' || image_words(owner_description)
                    || ' ' || image_words(analyzer_description) || ' ' || image_words(array_to_string(tag_names, ' ')));
        """;

    public const string AddRecognizedText = """
        create function image_document(
            file_name text, owner_alt_text text, owner_description text, analyzer_description text, tag_names text[], recognized_text text)
            returns tsvector language sql immutable parallel safe
            return image_document(file_name, owner_alt_text, owner_description, analyzer_description, tag_names)
                || to_tsvector('pg_catalog.simple', image_words(recognized_text)) || to_tsvector('pg_catalog.english', image_words(recognized_text));
        """;

    public const string RemoveRecognizedText = "drop function image_document(text, text, text, text, text[], text);";

    public const string Drop = "drop function image_document; drop function image_words;";
}
