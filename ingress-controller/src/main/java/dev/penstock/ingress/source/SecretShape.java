package dev.penstock.ingress.source;

import dev.penstock.model.text.Quote;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * {@code v1} Secret, fields to record. No value ever reaches a message.
 *
 * <p>{@code tls.crt} and {@code tls.key} may be {@code file://} and a path relative to the
 * manifest's directory, in {@code stringData} or (without base64) in {@code data}.
 */
final class SecretShape {
  private static final String FILE = "file://";
  private static final Set<String> FILE_KEYS = Set.of("tls.crt", "tls.key");

  private final String file;
  private final Companions companions;
  private boolean unread;

  /**
   * @param file the manifest's name; empty for what comes from the API
   */
  SecretShape(String file, Companions companions) {
    this.file = file;
    this.companions = companions;
  }

  /** Whether a companion of the Secret read last could not be read. */
  boolean unread() {
    return unread;
  }

  SecretObject secret(Fields root, ObjectKey key) {
    Map<String, String> data = new LinkedHashMap<>();
    Fields encoded = root.child("data");
    root.textMap("data")
        .forEach((name, value) -> {
          if (namesFile(name, value)) data.put(name, companion(encoded, name, value));
          else data.put(name, decoded(encoded, name, value));
          warnOfFile(encoded, name, data.getOrDefault(name, ""));
        });
    Fields plain = root.child("stringData");
    root.textMap("stringData")
        .forEach((name, value) -> {
          if (namesFile(name, value)) data.put(name, companion(plain, name, value));
          else data.put(name, latin1(value.getBytes(StandardCharsets.UTF_8)));
        });
    String type = root.text("type");
    return new SecretObject(root.source(), key, type.isEmpty() ? "Opaque" : type, data);
  }

  private static boolean namesFile(String name, String value) {
    return FILE_KEYS.contains(name) && value.startsWith(FILE);
  }

  private void warnOfFile(Fields data, String name, String decoded) {
    if (!file.isEmpty() || !namesFile(name, decoded)) return;
    data.warn(
        name,
        FILE
            + " has no effect in a Secret of the cluster, only in manifests of a directory: put"
            + " the PEM text itself here");
  }

  private static String decoded(Fields data, String name, String value) {
    try {
      return latin1(Base64.getDecoder().decode(value.replaceAll("[\r\n]", "")));
    } catch (IllegalArgumentException notBase64) {
      data.fault(name, "is not base64: encode it, or put it under stringData as it is");
      return "";
    }
  }

  private String companion(Fields data, String name, String value) {
    String path = value.substring(FILE.length()).strip();
    try {
      return latin1(companions.read(file, path));
    } catch (IOException fault) {
      unread = true;
      data.fault(
          name, "cannot read " + Quote.of(FILE + path) + ": " + String.valueOf(fault.getMessage()));
      return "";
    }
  }

  private static String latin1(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
