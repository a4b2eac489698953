package dev.penstock.core.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.Settings;
import dev.penstock.testkit.StrictReparse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The raw HTTP/1.1 cases through parser, decoder and encoder alone, without sockets: what would a
 * backend get? Whole and in single bytes.
 */
class CorpusTest {
  /** What the corpus says about one case; see its fields there. */
  record Case(
      String id,
      byte[] bytes,
      String allowed,
      List<Integer> counts,
      String forbid,
      String require) {
    @Override
    public String toString() {
      return id;
    }
  }

  static List<Case> cases() throws IOException {
    String json;
    try (InputStream in = CorpusTest.class.getResourceAsStream("/corpus/http1-cases.json")) {
      json = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
    List<Case> cases = new ArrayList<>();
    String[] objects = json.split("\\{\\s*\"id\":");
    for (int i = 1; i < objects.length; i++) {
      cases.add(aCase(objects[i]));
    }
    return cases;
  }

  private static Case aCase(String json) {
    ByteBuf bytes = Unpooled.buffer();
    Matcher segment = Pattern.compile("\\{\\s*\"bytes\": \"([^\"]*)\"([^}]*)}").matcher(json);
    while (segment.find()) {
      Matcher repeat = Pattern.compile("\"repeat\": ([0-9]+)").matcher(segment.group(2));
      int times = repeat.find() ? Integer.parseInt(repeat.group(1)) : 1;
      for (int i = 0; i < times; i++) {
        bytes.writeBytes(Base64.getDecoder().decode(segment.group(1)));
      }
    }
    List<Integer> counts = new ArrayList<>();
    Matcher number = Pattern.compile("[0-9]+").matcher(group(json, "\"n_allowed\": \\[([^]]*)]"));
    while (number.find()) {
      counts.add(Integer.valueOf(number.group()));
    }
    return new Case(
        group(json, "^\\s*\"([^\"]*)\""),
        ByteBufUtil.getBytes(bytes),
        group(json, "\"allowed\": \\[([^]]*)]"),
        counts,
        group(json, "\"forbid\": \"((?:[^\"\\\\]|\\\\.)*)\"").replace("\\\\", "\\"),
        group(json, "\"require\": \"((?:[^\"\\\\]|\\\\.)*)\"").replace("\\\\", "\\"));
  }

  private static String group(String json, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(json);
    return matcher.find() ? matcher.group(1) : "";
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyCaseOfTheCorpusIsRefusedOrComesOutClean(Case c) {
    verdict(c, List.of(c.bytes()));
    int[] everywhere = new int[c.bytes().length - 1];
    java.util.Arrays.setAll(everywhere, i -> i + 1);
    verdict(c, Cuts.parts(c.bytes(), everywhere));
  }

  private static void verdict(Case c, List<byte[]> parts) {
    Relay relay = new Relay(Settings.Limits.DEFAULT);
    for (byte[] part : parts) {
      relay.read(Unpooled.wrappedBuffer(part));
    }
    byte[] sent = ByteBufUtil.getBytes(relay.backend());
    String text = new String(sent, StandardCharsets.ISO_8859_1);
    if (!c.forbid().isEmpty()) {
      assertThat(Pattern.compile(c.forbid(), Pattern.UNIX_LINES).matcher(text).find())
          .as(text)
          .isFalse();
    }
    var result = StrictReparse.parse(sent);
    if (relay.refusal() != null) {
      assertThat(c.allowed()).as(text).contains("REJECT");
      assertThat(result.ending()).as(text).isNotEqualTo(StrictReparse.Ending.FAULTY);
      assertThat(result.requests()).as(text).isEmpty();
      return;
    }
    assertThat(c.allowed()).as(text).contains("CLEAN");
    assertThat(result.ending()).as(text).isEqualTo(StrictReparse.Ending.COMPLETE);
    assertThat(c.counts()).as(text).contains(result.requests().size());
    assertThat(Pattern.compile(c.require(), Pattern.UNIX_LINES).matcher(text).find())
        .as(text)
        .isTrue();
  }
}
