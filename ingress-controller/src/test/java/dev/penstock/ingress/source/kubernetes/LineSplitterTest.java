package dev.penstock.ingress.source.kubernetes;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineSplitterTest {
  private static List<String> lines(LineSplitter splitter, String... pieces)
      throws ProtocolException {
    List<String> lines = new ArrayList<>();
    for (String piece : pieces) {
      ByteBuffer buffer = ByteBuffer.wrap(piece.getBytes(US_ASCII));
      while (splitter.next(buffer) instanceof LineSplitter.Line(byte[] bytes, boolean isCut)) {
        lines.add(new String(bytes, US_ASCII) + (isCut ? "…" : ""));
      }
    }
    return lines;
  }

  @Test
  void linesAreTheSameHoweverTheyCome() throws ProtocolException {
    String text = "one\n\n1234567890\n12345678901234567890\nlast\nno line";
    List<String> expected = List.of("one", "", "1234567890", "1234567890…", "last");

    for (int cut = 0; cut <= text.length(); cut++) {
      LineSplitter splitter = new LineSplitter(10);
      assertThat(lines(splitter, text.substring(0, cut), text.substring(cut))).isEqualTo(expected);
      assertThat(splitter.pending()).isEqualTo("no line".length());
    }
  }

  @Test
  void aLineThatDoesNotEndIsRefused() throws ProtocolException {
    LineSplitter splitter = new LineSplitter(10);

    assertThat(lines(splitter, "x".repeat(40))).isEmpty();
    assertThatThrownBy(() -> lines(splitter, "x")).hasMessage("a line of 41 bytes has no end");
  }
}
