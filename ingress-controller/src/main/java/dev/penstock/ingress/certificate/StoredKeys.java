package dev.penstock.ingress.certificate;

import dev.penstock.model.KeyMaterial;
import dev.penstock.model.KeyMaterialException;
import dev.penstock.model.ParsedKeyMaterial;
import java.util.Optional;

/**
 * What the Secret of a webhook's certificate holds, all of it PEM; empty texts when there is
 * nothing yet. {@code toString} shows no key.
 *
 * @param authorities who signed what is served, and while that changes who will: the newest first
 * @param authorityKey of the newest
 * @param chain what is served
 * @param key of what is served
 */
public record StoredKeys(String authorities, String authorityKey, String chain, String key) {
  public static final StoredKeys NONE = new StoredKeys("", "", "", "");

  /** What is served; empty when that cannot be. */
  public Optional<KeyMaterial> served() {
    return parsed(chain, key).map(readable -> new KeyMaterial(chain, key));
  }

  static Optional<ParsedKeyMaterial> parsed(String chainPem, String keyPem) {
    try {
      return Optional.of(ParsedKeyMaterial.parse(chainPem, keyPem));
    } catch (KeyMaterialException unreadable) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "StoredKeys[***]";
  }
}
