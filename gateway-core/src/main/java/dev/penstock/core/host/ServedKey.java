package dev.penstock.core.host;

import dev.penstock.model.ParsedKeyMaterial;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * One certificate, for whatever name a client asks, that can be exchanged while it is served: the
 * next handshake takes the new one. Any thread.
 */
public final class ServedKey extends X509ExtendedKeyManager {
  /** A pair under its alias, and the one before it, which a handshake may be using. */
  private record Pairs(
      int number, @Nullable ParsedKeyMaterial pair, @Nullable ParsedKeyMaterial last) {}

  /** Without one no handshake comes to its end. */
  private volatile Pairs pairs = new Pairs(0, null, null);

  /** From now on this one. One thread at a time. */
  public void exchange(ParsedKeyMaterial next) {
    Pairs now = pairs;
    pairs = new Pairs(now.number + 1, next, now.pair);
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    Pairs now = pairs;
    boolean isIts = now.pair != null && now.pair.key().getAlgorithm().equals(keyType);
    return isIts ? Integer.toString(now.number) : null;
  }

  private @Nullable ParsedKeyMaterial of(String alias) {
    Pairs now = pairs;
    if (alias.equals(Integer.toString(now.number))) return now.pair;
    return alias.equals(Integer.toString(now.number - 1)) ? now.last : null;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    ParsedKeyMaterial found = of(alias);
    return found == null ? null : found.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    ParsedKeyMaterial found = of(alias);
    return found == null ? null : found.key();
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return chooseEngineServerAlias(keyType, issuers, null);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    String alias = chooseEngineServerAlias(keyType, issuers, null);
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }
}
