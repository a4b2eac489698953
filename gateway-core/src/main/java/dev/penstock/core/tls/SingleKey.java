package dev.penstock.core.tls;

import dev.penstock.model.ParsedKeyMaterial;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Serves one chain and its key. Netty's own way from a key to a key manager leads through a
 * password-protected key store and costs 20 ms and 43 KB for each certificate; this costs two
 * references. Netty keeps the native form of the last key it was given, as long as it gets the same
 * objects again, which here is always so; its caching factory on top of that would lose a reference
 * when two loops ask first at the same time (seen in 4.2.18).
 */
final class SingleKey extends X509ExtendedKeyManager {
  private static final String ALIAS = "served";
  private static final String[] ALIASES = {ALIAS};

  private final X509Certificate[] chain;
  private final PrivateKey key;

  SingleKey(ParsedKeyMaterial material) {
    chain = material.chain().toArray(X509Certificate[]::new);
    key = material.key();
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return keyType.equals(key.getAlgorithm()) ? ALIAS : null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return chooseEngineServerAlias(keyType, issuers, null);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return keyType.equals(key.getAlgorithm()) ? ALIASES.clone() : null;
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null; // never a client
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null; // never a client
  }

  /** Not a copy: Netty only reads it, and recognises it. */
  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return chain;
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return key;
  }
}
