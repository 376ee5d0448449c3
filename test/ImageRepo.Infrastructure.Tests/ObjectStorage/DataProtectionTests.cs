using System.Security.Cryptography;
using ImageRepo.Infrastructure.Encryption;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Infrastructure.Tests.ObjectStorage;

public sealed class DataProtectionTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly MasterKey _masterKey = MasterKey.Generate();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Another_node_with_the_master_key_reads_what_one_protected()
    {
        using var one = Node(new MasterKeyRing(_masterKey));
        using var two = Node(new MasterKeyRing(_masterKey));
        var cookie = Protector(one).Protect("somebody");

        Assert.Equal("somebody", Protector(two).Unprotect(cookie));
        Assert.Single(_directory.Files());
    }

    [Fact]
    public void A_node_with_the_key_retired_still_reads()
    {
        using var one = Node(new MasterKeyRing(_masterKey));
        var cookie = Protector(one).Protect("somebody");

        using var two = Node(new MasterKeyRing(MasterKey.Generate(), _masterKey));
        Assert.Equal("somebody", Protector(two).Unprotect(cookie));
    }

    [Fact]
    public void The_stored_ring_holds_no_key_in_the_clear_and_is_useless_without_the_master_key()
    {
        using var one = Node(new MasterKeyRing(_masterKey));
        var cookie = Protector(one).Protect("somebody");

        var xml = File.ReadAllText(Assert.Single(_directory.Files()));
        Assert.Contains("sealedByMasterKey", xml);
        Assert.DoesNotContain("<masterKey", xml);

        using var stranger = Node(new MasterKeyRing(MasterKey.Generate()));
        Assert.Throws<CryptographicException>(() => Protector(stranger).Unprotect(cookie));
    }

    [Fact]
    public void A_changed_ring_is_refused()
    {
        using var one = Node(new MasterKeyRing(_masterKey));
        var xml = new MasterKeyXmlEncryptor(one.GetRequiredService<MasterKeyRing>()).Encrypt(new("secret", "value")).EncryptedElement;
        var box = Convert.FromBase64String(xml.Value);
        var decryptor = new MasterKeyXmlDecryptor(one);
        Assert.Equal("value", decryptor.Decrypt(xml).Value);

        box[^1] ^= 1;
        xml.Value = Convert.ToBase64String(box);
        Assert.Throws<InvalidDataException>(() => decryptor.Decrypt(xml));
    }

    private ServiceProvider Node(MasterKeyRing keys)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(keys);
        services.AddDataProtection().SetApplicationName("ImageRepo").PersistKeysToFileSystem(new DirectoryInfo(_directory.Path)).ProtectKeysWithMasterKey();
        return services.BuildServiceProvider();
    }

    private static IDataProtector Protector(IServiceProvider node) => node.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");
}
