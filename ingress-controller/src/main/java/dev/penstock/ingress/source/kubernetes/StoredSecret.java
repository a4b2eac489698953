package dev.penstock.ingress.source.kubernetes;

import dev.penstock.ingress.certificate.StoredKeys;
import dev.penstock.model.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The Secret of the webhook's certificate, from and to JSON. */
final class StoredSecret {
  private static final String AUTHORITIES = "ca.crt";
  private static final String AUTHORITY_KEY = "ca.key";
  private static final String CHAIN = "tls.crt";
  private static final String KEY = "tls.key";

  private StoredSecret() {}

  /** What cannot be read is taken for missing: it is made anew. */
  static StoredKeys keys(Json.Struct secret) {
    Json data = secret.members().get("data");
    Json.Struct texts = data instanceof Json.Struct struct ? struct : Json.Struct.EMPTY;
    return new StoredKeys(
        text(texts, AUTHORITIES), text(texts, AUTHORITY_KEY), text(texts, CHAIN), text(texts, KEY));
  }

  static String version(Json.Struct secret) {
    return secret.members().get("metadata") instanceof Json.Struct metadata
            && metadata.members().get("resourceVersion") instanceof Json.Text(String version)
        ? version
        : "";
  }

  /**
   * A merge patch.
   *
   * @param version that it was decided on: of two that reach for it one gets a 409
   */
  static String patch(String version, StoredKeys keys) {
    Map<String, String> data = new LinkedHashMap<>();
    data.put(AUTHORITIES, keys.authorities());
    data.put(AUTHORITY_KEY, keys.authorityKey());
    data.put(CHAIN, keys.chain());
    data.put(KEY, keys.key());
    return data.entrySet().stream()
        .map(entry -> ApiWrite.quoted(entry.getKey()) + ":\"" + encoded(entry.getValue()) + '"')
        .collect(
            Collectors.joining(
                ",",
                "{\"metadata\":{\"resourceVersion\":" + ApiWrite.quoted(version) + "},\"data\":{",
                "}}"));
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Json.Struct texts, String name) {
    if (!(texts.members().get(name) instanceof Json.Text(String base64))) return "";
    try {
      return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException noBase64) {
      return "";
    }
  }
}
