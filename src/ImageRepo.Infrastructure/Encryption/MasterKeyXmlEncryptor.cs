using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Infrastructure.Encryption;

/// <summary>Encrypts the Data Protection keys, which lie in the database, so that a dump of it signs nobody in.</summary>
internal sealed class MasterKeyXmlEncryptor(MasterKeyRing keys) : IXmlEncryptor
{
    public const string Purpose = "data-protection";
    public const string Element = "sealedByMasterKey";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var xml = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var box = keys.Seal(Purpose, xml, context: []);
        return new EncryptedXmlInfo(new XElement(Element, Convert.ToBase64String(box)), typeof(MasterKeyXmlDecryptor));
    }
}

/// <summary>Made by Data Protection from the type's name in the stored key: this name, namespace and constructor are part of the data.</summary>
internal sealed class MasterKeyXmlDecryptor : IXmlDecryptor
{
    private readonly MasterKeyRing _keys;

    public MasterKeyXmlDecryptor(IServiceProvider services) => _keys = services.GetRequiredService<MasterKeyRing>();

    public XElement Decrypt(XElement encryptedElement)
    {
        var xml = _keys.Open(MasterKeyXmlEncryptor.Purpose, Convert.FromBase64String(encryptedElement.Value), context: []);
        return XElement.Parse(Encoding.UTF8.GetString(xml));
    }
}
