package dev.penstock.ingress.source;

import dev.penstock.model.text.Quote;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * {@code v1} Secret, fields to record. No value ever reaches a message, and only what is used of
 * one is kept.
 *
 * <p>{@code tls.crt} and {@code tls.key} may be {@code file://} and a path relative to the
 * manifest's directory, in {@code stringData} or (without base64) in {@code data}.
 */
final class SecretShape {
  private static final String FILE = "file://";
  private static final Set<String> USED_KEYS = Set.of("tls.crt", "tls.key");

  /** Names of other keys, which a message lists where a used one is missing. */
  private static final int OTHER_NAMES_MAX = 10;

  /** Characters of a type, which only Secrets of other types than ours can reach. */
  private static final int TYPE_CHARS_MAX = 253;

  private final String file;
  private final Companions companions;
  private final Map<String, String> data = new LinkedHashMap<>();
  private final Set<String> tooLarge = new HashSet<>();
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
    Fields encoded = root.child("data");
    root.textMap("data")
        .forEach((name, value) -> {
          if (namesFile(name, value)) keep(name, companion(encoded, name, value));
          else keep(name, decoded(encoded, name, value));
          warnOfFile(encoded, name, data.getOrDefault(name, ""));
        });
    Fields plain = root.child("stringData");
    root.textMap("stringData")
        .forEach((name, value) -> {
          if (namesFile(name, value)) keep(name, companion(plain, name, value));
          else keep(name, latin1(value.getBytes(StandardCharsets.UTF_8)));
        });
    String type = root.text("type");
    if (type.length() > TYPE_CHARS_MAX) type = type.substring(0, TYPE_CHARS_MAX);
    return new SecretObject(root.source(), key, type.isEmpty() ? "Opaque" : type, data, tooLarge);
  }

  /** The later value of a name is the one that counts. */
  private void keep(String name, String value) {
    data.remove(name);
    tooLarge.remove(name);
    if (!USED_KEYS.contains(name)) {
      if (data.size() < OTHER_NAMES_MAX) data.put(name, "");
    } else if (value.length() <= SecretObject.bytesMax(name)) {
      data.put(name, value);
    } else {
      tooLarge.add(name);
    }
  }

  private static boolean namesFile(String name, String value) {
    return USED_KEYS.contains(name) && value.startsWith(FILE);
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
