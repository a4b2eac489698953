package dev.penstock.core.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.Network;
import dev.penstock.model.Settings;
import dev.penstock.testkit.Field;
import dev.penstock.testkit.SeenRequest;
import dev.penstock.testkit.StrictReparse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What must hold of every head: the same result however it is cut and however often its object was
 * used, the result that {@link Naive} finds, no byte used beyond the limits, and a clean message
 * for the other side.
 */
final class HeadChecks {
  /** The empty line that a request may begin with is not counted. */
  private static final int LEADING_BYTES = 2;

  private static final int FIRST_ARRAY_BYTES = 1024;

  /** Ends that would make many a cut message a good one. */
  private static final List<String> COMPLETIONS =
      List.of(
          "\r\n\r\n",
          "\n\r\n",
          "\n",
          ": x\r\n\r\n",
          " / HTTP/1.1\r\nHost: a\r\n\r\n",
          "1.1\r\nHost: a\r\n\r\n",
          "1.1 200 OK\r\n\r\n");

  private static final Identity IDENTITY =
      new Identity(Cuts.bytes("::1"), Cuts.bytes("http"), Cuts.bytes("80"));

  /** Believe everything that the peer says. */
  private static final ForwardedRules BELIEVING =
      Objects.requireNonNull(
          ForwardedRules.of(
              new Settings.FrontProxies(
                  Settings.FrontProxies.Belief.ALL,
                  true,
                  "X-Forwarded-For",
                  "X-Forwarded-Host",
                  false,
                  List.of(Network.of("::/0"), Network.of("0.0.0.0/0")))));

  private HeadChecks() {}

  static void request(FuzzTarget target, byte[] input, Settings.Limits limits, FuzzCoverage seen) {
    RequestHead head = new RequestHead(limits);
    String whole = readRequest(head, List.of(input), limits);
    for (List<byte[]> parts : Cuts.random(input)) {
      head.reset();
      assertThat(readRequest(head, parts, limits)).isEqualTo(whole);
    }
    head.trim();
    assertThat(readRequest(head, Cuts.everywhere(input), limits, seen)).isEqualTo(whole);
    Progress progress = head.feed(Unpooled.EMPTY_BUFFER);
    seen.result(target, progress);
    if (progress == Progress.REFUSED) {
      seen.refusal(target, head.refusal());
    }
    int rest = input.length - used(whole);
    compare(words(head, progress, rest), Cuts.text(input), text -> Naive.request(text, limits));
    if (progress == Progress.DONE) {
      requireSound(head);
      requireClean(head, null);
      requireClean(head, BELIEVING);
    }
  }

  private static String readRequest(
      RequestHead head, List<byte[]> parts, Settings.Limits limits, FuzzCoverage... seen) {
    int used = 0;
    for (byte[] part : parts) {
      ByteBuf in = Unpooled.wrappedBuffer(part);
      boolean open = head.feed(Unpooled.EMPTY_BUFFER) == Progress.MORE;
      List<FuzzCoverage.At> states =
          open && seen.length > 0 && part.length > 0 ? seen[0].before(head) : List.of();
      Progress progress = head.feed(in);
      if (!states.isEmpty()) {
        seen[0].after(states, progress);
      }
      requireUse(open, progress, in);
      used += in.readerIndex();
    }
    assertThat(used).as("bytes used").isLessThanOrEqualTo(limits.headBytesMax() + LEADING_BYTES);
    assertThat(head.headBytes()).isLessThanOrEqualTo(limits.headBytesMax());
    int path = CanonicalPath.GROWTH_MAX * limits.requestLineBytesMax() + 1;
    requireArray(head.bytes(), limits.headBytesMax() + 1 + path);
    return Cuts.describe(head, head.feed(Unpooled.EMPTY_BUFFER), 0) + " used=" + used;
  }

  static void response(FuzzTarget target, byte[] input, Settings.Limits limits, FuzzCoverage seen) {
    ResponseHead head = new ResponseHead(limits);
    String whole = readResponse(head, List.of(input), limits);
    for (List<byte[]> parts : Cuts.random(input)) {
      head.reset();
      assertThat(readResponse(head, parts, limits)).isEqualTo(whole);
    }
    head.trim();
    assertThat(readResponse(head, Cuts.everywhere(input), limits, seen)).isEqualTo(whole);
    Progress progress = head.feed(Unpooled.EMPTY_BUFFER);
    seen.result(target, progress);
    if (progress == Progress.REFUSED) {
      seen.refusal(target, head.refusal());
    }
    int rest = input.length - used(whole);
    compare(words(head, progress, rest), Cuts.text(input), text -> Naive.response(text, limits));
    if (progress == Progress.DONE) {
      requireSound(head.fields());
      requireReadableAgain(head, Method.GET);
      requireReadableAgain(head, Method.HEAD);
    }
  }

  private static String readResponse(
      ResponseHead head, List<byte[]> parts, Settings.Limits limits, FuzzCoverage... seen) {
    int used = 0;
    for (byte[] part : parts) {
      ByteBuf in = Unpooled.wrappedBuffer(part);
      boolean open = head.feed(Unpooled.EMPTY_BUFFER) == Progress.MORE;
      List<FuzzCoverage.At> states =
          open && seen.length > 0 && part.length > 0 ? seen[0].before(head) : List.of();
      Progress progress = head.feed(in);
      if (!states.isEmpty()) {
        seen[0].after(states, progress);
      }
      requireUse(open, progress, in);
      used += in.readerIndex();
    }
    assertThat(used).as("bytes used").isLessThanOrEqualTo(limits.headBytesMax());
    requireArray(head.bytes(), limits.headBytesMax() + 1);
    Progress progress = head.feed(Unpooled.EMPTY_BUFFER);
    String get = Cuts.describe(head, progress, Method.GET, 0);
    return get + Cuts.describe(head, progress, Method.HEAD, 0) + " used=" + used;
  }

  /** Plain, because it is asked for every byte. */
  static void requireUse(boolean open, Progress progress, ByteBuf in) {
    if (!open && in.readerIndex() > 0) {
      throw new AssertionError("bytes used after the end");
    }
    if (open && progress == Progress.MORE && in.isReadable()) {
      throw new AssertionError("bytes left though more are wanted");
    }
  }

  /** Arrays grow by doubling. */
  private static void requireArray(byte[] array, int bytesMax) {
    assertThat(array.length).isLessThanOrEqualTo(2 * Math.max(FIRST_ARRAY_BYTES, bytesMax));
  }

  private static int used(String words) {
    return Integer.parseInt(words.substring(words.lastIndexOf('=') + 1));
  }

  /**
   * A parser refuses at the first bad byte, the naive reader only what is complete: where it still
   * waits, nothing that may follow can make the message a good one.
   */
  private static void compare(String seen, String text, UnaryOperator<String> naive) {
    String wanted = naive.apply(text);
    if (!wanted.equals(Naive.MORE) || !seen.equals(Naive.REFUSED)) {
      assertThat(seen).isEqualTo(wanted);
      return;
    }
    for (String completion : COMPLETIONS) {
      assertThat(naive.apply(text + completion))
          .as("refused, though good with '%s' behind it", completion)
          .isIn(Naive.REFUSED, Naive.MORE);
    }
  }

  private static String words(RequestHead head, Progress progress, int rest) {
    return switch (progress) {
      case MORE -> Naive.MORE;
      case REFUSED -> Naive.REFUSED;
      case DONE -> {
        byte[] a = head.bytes();
        yield Ascii.text(a, 0, head.methodEnd())
            + " "
            + Ascii.text(a, head.pathStart(), head.pathEnd())
            + Ascii.text(a, head.queryStart(), head.queryEnd())
            + " "
            + Ascii.text(a, head.hostStart(), head.hostEnd())
            + " "
            + framing(head.framing(), head.contentLength())
            + " "
            + head.fields().count()
            + " "
            + rest;
      }
    };
  }

  private static String framing(Framing framing, long length) {
    return switch (framing) {
      case NONE, UNTIL_CLOSE -> "-";
      case LENGTH -> "LENGTH:" + length;
      case CHUNKED -> "CHUNKED";
    };
  }

  private static String words(ResponseHead head, Progress progress, int rest) {
    if (progress != Progress.DONE) {
      return progress == Progress.MORE ? Naive.MORE : Naive.REFUSED;
    }
    boolean chunked = head.fields().find(FieldName.TRANSFER_ENCODING) >= 0;
    String length = head.contentLength() < 0 ? "-" : "LENGTH:" + head.contentLength();
    String framing = chunked ? "CHUNKED" : length;
    return head.status() + " " + framing + " " + head.fields().count() + " " + rest;
  }

  private static void requireSound(RequestHead head) {
    requireSound(head.fields());
    String path = Ascii.text(head.bytes(), head.pathStart(), head.pathEnd());
    if (!path.equals("*")) {
      assertThat(CanonicalPath.of(path)).as("canonical form of a canonical path").isEqualTo(path);
    }
    assertThat(head.hostNameEnd()).isBetween(head.hostStart(), head.hostEnd());
    assertThat(head.lineEnd()).isLessThan(head.headBytes());
    assertThat(Ascii.text(head.bytes(), head.requestIdStart(), head.requestIdEnd()))
        .matches("[A-Za-z0-9._~+/=:@-]{0,128}");
  }

  /** Names are tokens, values hold no line; hop by hop is what Connection names. */
  private static void requireSound(Fields fields) {
    Set<String> named = new HashSet<>();
    for (int i = 0; i < fields.count(); i++) {
      if (fields.nameText(i).equalsIgnoreCase("connection")) {
        named.addAll(List.of(fields.valueText(i).toLowerCase(Locale.ROOT).split("[ \t,]+")));
      }
    }
    named.removeAll(Set.of("close", "keep-alive", "upgrade"));
    for (int i = 0; i < fields.count(); i++) {
      String name = fields.nameText(i);
      assertThat(name).matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
      assertThat(fields.valueText(i)).doesNotContainPattern("[\r\n\0]");
      assertThat(fields.isHopByHop(i))
          .as(name)
          .isEqualTo(named.contains(name.toLowerCase(Locale.ROOT)));
    }
  }

  /** What a backend would get is one strictly well-formed request, and this one. */
  private static void requireClean(RequestHead head, @Nullable ForwardedRules rules) {
    ByteBuf out = Unpooled.buffer();
    IDENTITY.begin(head, rules);
    RequestEncoder.encode(out, head, IDENTITY);
    if (head.framing() == Framing.CHUNKED) {
      Chunks.last(out, true, null);
    }
    byte[] sent = ByteBufUtil.getBytes(out);
    boolean aborted = head.contentLength() >= 100;
    if (head.framing() == Framing.LENGTH && !aborted) {
      sent = Arrays.copyOf(sent, sent.length + (int) head.contentLength());
    }
    StrictReparse.Result result = StrictReparse.parse(sent);
    assertThat(result.ending())
        .as(result.fault() + Cuts.text(sent))
        .isEqualTo(aborted ? StrictReparse.Ending.ABORTED : StrictReparse.Ending.COMPLETE);
    assertThat(result.requests()).hasSize(aborted ? 0 : 1);
    for (SeenRequest request : result.requests()) {
      requireSame(request, head);
    }
  }

  private static void requireSame(SeenRequest sent, RequestHead head) {
    byte[] a = head.bytes();
    assertThat(sent.method()).isEqualTo(Ascii.text(a, 0, head.methodEnd()));
    assertThat(sent.target())
        .isEqualTo(
            Ascii.text(a, head.pathStart(), head.pathEnd())
                + Ascii.text(a, head.queryStart(), head.queryEnd()));
    for (Field field : sent.fields()) {
      for (int i = 0; i < head.fields().count(); i++) {
        boolean ended = head.fields().isHopByHop(i) && head.fields().name(i) == FieldName.OTHER;
        assertThat(ended && field.is(head.fields().nameText(i))).as(field.name()).isFalse();
      }
    }
  }

  /** What a client would get is a response that our own strict reader takes, with this status. */
  private static void requireReadableAgain(ResponseHead head, Method method) {
    head.frameFor(method);
    ResponseEncoder.Options options = new ResponseEncoder.Options();
    ByteBuf out = Unpooled.buffer();
    if (head.upgradesToWebSocket()) {
      ResponseEncoder.encodeUpgrade(out, head);
    } else if (head.isInformational()) {
      ResponseEncoder.encodeInformational(out, head);
    } else {
      RequestHead request = new RequestHead(Settings.Limits.DEFAULT);
      request.feed(Unpooled.wrappedBuffer(Cuts.bytes(method + " / HTTP/1.1\r\nHost: a\r\n\r\n")));
      options.passOn(request, head, true);
      ResponseEncoder.encode(out, head, options);
    }
    ResponseHead again = new ResponseHead(Settings.Limits.DEFAULT);
    assertThat(again.feed(out)).as(Cuts.text(ByteBufUtil.getBytes(out))).isEqualTo(Progress.DONE);
    assertThat(out.isReadable()).isFalse();
    assertThat(again.status()).isEqualTo(head.status());
    again.frameFor(method);
    assertThat(again.framing() == Framing.UNTIL_CLOSE ? Framing.CHUNKED : again.framing())
        .isEqualTo(head.framing() == Framing.UNTIL_CLOSE ? Framing.CHUNKED : head.framing());
    requireSound(again.fields());
  }
}
