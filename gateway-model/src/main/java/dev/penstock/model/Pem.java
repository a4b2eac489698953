package dev.penstock.model;

import dev.penstock.model.KeyMaterialException.Part;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The blocks of a PEM text (RFC 7468): text around and between them is skipped, lines end with LF
 * or CRLF and may be indented, RFC 1421 fields at the top of a block are kept because they say that
 * a key is encrypted.
 */
final class Pem {
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";

  /** Chains are a few KiB; this is a quarter of the largest Secret. */
  private static final int TEXT_CHARS_MAX = 256 * 1024;

  /** More than a chain, its key, and parameters beside them can be. */
  private static final int BLOCKS_MAX = 64;

  private Pem() {}

  /**
   * One block.
   *
   * @param label what stands behind BEGIN, such as {@code CERTIFICATE}
   * @param fields the RFC 1421 fields, as one text; usually empty
   * @param base64 its body without line breaks, not yet decoded
   */
  record Block(String label, String fields, String base64) {
    boolean isEncrypted() {
      return label.startsWith("ENCRYPTED ") || fields.contains("ENCRYPTED");
    }

    byte[] decode(Part part) throws KeyMaterialException {
      try {
        return Base64.getDecoder().decode(base64);
      } catch (IllegalArgumentException notBase64) {
        throw new KeyMaterialException(
            part, "the block '" + KeyMaterialException.printable(label) + "' is not valid base64");
      }
    }

    @Override
    public String toString() {
      return "Block[" + label + "]"; // the body may be a key
    }
  }

  static List<Block> blocks(Part part, String text) throws KeyMaterialException {
    if (text.length() > TEXT_CHARS_MAX) {
      throw new KeyMaterialException(
          part, "is longer than " + TEXT_CHARS_MAX / 1024 + " KiB; leave only what is served");
    }
    List<Block> blocks = new ArrayList<>();
    List<String> lines = text.lines().map(String::strip).toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (!line.startsWith(BEGIN) || !line.endsWith(DASHES)) continue;
      if (blocks.size() == BLOCKS_MAX) {
        throw new KeyMaterialException(part, "holds more than " + BLOCKS_MAX + " PEM blocks");
      }
      String label = line.substring(BEGIN.length(), Math.max(BEGIN.length(), line.length() - 5));
      int end = endOf(part, label, lines, i + 1);
      blocks.add(block(label, lines.subList(i + 1, end)));
      i = end;
    }
    return blocks;
  }

  private static int endOf(Part part, String label, List<String> lines, int from)
      throws KeyMaterialException {
    for (int i = from; i < lines.size(); i++) {
      if (lines.get(i).equals(END + label + DASHES)) return i;
      if (lines.get(i).startsWith(DASHES)) break;
    }
    throw new KeyMaterialException(
        part,
        "the block '"
            + KeyMaterialException.printable(label)
            + "' has no line '"
            + END
            + KeyMaterialException.printable(label)
            + DASHES
            + "'; the text is cut off");
  }

  private static Block block(String label, List<String> body) {
    StringBuilder fields = new StringBuilder();
    StringBuilder base64 = new StringBuilder();
    boolean inFields = body.stream().anyMatch(line -> line.indexOf(':') >= 0);
    for (String line : body) {
      if (inFields && line.isEmpty()) inFields = false;
      else (inFields ? fields : base64).append(line);
    }
    return new Block(label, fields.toString(), base64.toString());
  }
}
