package dev.penstock.core.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.Settings;
import dev.penstock.testkit.LeakExtension;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakExtension.class)
@SuppressWarnings("StringConcatToTextBlock") // text blocks end lines in LF, the wire in CRLF
class BodyDecoderTest {
  @Test
  void aBodyOfAKnownLengthEndsThere() {
    assertThat(Cuts.body("hello", Framing.LENGTH, 5)).isEqualTo("'hello' trailers=[] rest=0");
    assertThat(Cuts.body("helloGET", Framing.LENGTH, 5)).isEqualTo("'hello' trailers=[] rest=3");
    assertThat(Cuts.body("hell", Framing.LENGTH, 5)).isEqualTo("more 'hell'");
    assertThat(Cuts.body("GET", Framing.LENGTH, 0)).isEqualTo("'' trailers=[] rest=3");
    assertThat(Cuts.body("GET", Framing.NONE, 7)).isEqualTo("'' trailers=[] rest=3");
    assertThat(Cuts.body("GET", Framing.UNTIL_CLOSE, -1)).isEqualTo("more 'GET'");
  }

  @Test
  void chunksAreJoined() {
    assertThat(Cuts.chunked("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\nGET"))
        .isEqualTo("'hello world' trailers=[] rest=3");
    assertThat(Cuts.chunked("0\r\n\r\n")).isEqualTo("'' trailers=[] rest=0");
    assertThat(Cuts.chunked("000000000000000A\r\n0123456789\r\n0000000000000000\r\n\r\n"))
        .isEqualTo("'0123456789' trailers=[] rest=0");
    assertThat(Cuts.chunked("a\r\n0123456789\r\n00\r\n\r")).isEqualTo("more '0123456789'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ";a",
        ";a=b",
        ";a=\"b\"",
        ";a=\"b;\\\"\\\\ c\"",
        " ; a = b ;\tc",
        ";a=\"\";b=c",
        ";a=\"\u00E4\t\"",
        ";a ;b",
      })
  void extensionsAreCheckedAndDropped(String extension) {
    assertThat(Cuts.chunked("1" + extension + "\r\nx\r\n0" + extension + "\r\n\r\n"))
        .isEqualTo("'x' trailers=[] rest=0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ";",
        ";=b",
        ";a=",
        ";a=\"",
        ";a=\"b\"c",
        ";a=b c",
        ";a b",
        " ",
        "\t",
        " x",
        ";a ",
        ";a=b ",
        ";a=\"b\" ",
        ";a\0",
        ";a=\"\0\"",
        ";a=\"\\\0\"",
        ";a=\"\r\n\"",
        ";a=b=c",
        ";;",
        ";a,b",
      })
  void aMalformedExtensionIsRefused(String extension) {
    assertThat(Cuts.chunked("1" + extension + "\r\nx\r\n0\r\n\r\n"))
        .isEqualTo("CHUNK_EXTENSION ''");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\nx\r\n",
        "0x5\r\n",
        "5\n",
        "5\rX",
        "-1\r\n",
        "+1\r\n",
        "g\r\n",
        ";a\r\n",
        " 5\r\n",
        "5,\r\n",
        "10000000000000005\r\n",
        "00000000000000005\r\n",
        "8000000000000000\r\n",
        "FFFFFFFFFFFFFFFF\r\n",
        "\u00B5\r\n",
        "5\0\r\n",
      })
  void aMalformedSizeIsRefused(String line) {
    assertThat(Cuts.chunked(line + "AAAAA\r\n0\r\n\r\n")).isEqualTo("CHUNK_SIZE ''");
  }

  @Test
  void anExtensionWithABareLineFeedIsRefused() {
    assertThat(Cuts.chunked("5;x\nAAAAA\r\n0\r\n\r\n")).isEqualTo("CHUNK_EXTENSION ''");
  }

  @Test
  void anExtensionHasALimit() {
    assertThat(Cuts.chunked("1;" + "a".repeat(255) + "\r\nx\r\n0\r\n\r\n")).startsWith("'x'");
    assertThat(Cuts.chunked("1;" + "a".repeat(256) + "\r\nx\r\n0\r\n\r\n"))
        .isEqualTo("CHUNK_EXTENSION_TOO_LONG ''");
    assertThat(Cuts.chunked("1" + " ".repeat(257))).isEqualTo("CHUNK_EXTENSION_TOO_LONG ''");
  }

  @Test
  void theDataOfAChunkEndsInALineEnd() {
    assertThat(Cuts.chunked("5\r\nAAAAAXX0\r\n\r\n")).isEqualTo("CHUNK_END 'AAAAA'");
    assertThat(Cuts.chunked("5\r\nAAAAA\n0\r\n\r\n")).isEqualTo("CHUNK_END 'AAAAA'");
    assertThat(Cuts.chunked("5\r\nAAAAA\rX0\r\n\r\n")).isEqualTo("CHUNK_END 'AAAAA'");
    assertThat(Cuts.chunked("5\r\nAAAAAA\r\n0\r\n\r\n")).isEqualTo("CHUNK_END 'AAAAA'");
  }

  @Test
  void trailersFollowTheRulesOfFields() {
    assertThat(Cuts.chunked("0\r\nA: b\r\nC:  d \r\n\r\nGET"))
        .isEqualTo("'' trailers=[A=b, C=d] rest=3");
    assertThat(Cuts.chunked("0\r\nA : b\r\n\r\n")).isEqualTo("FIELD_NAME ''");
    assertThat(Cuts.chunked("0\r\nA: b\n\r\n")).isEqualTo("BARE_LF ''");
    assertThat(Cuts.chunked("0\r\n\n")).isEqualTo("BARE_LF ''");
    assertThat(Cuts.chunked("0\r\nA: b\r\n c\r\n\r\n")).isEqualTo("FOLDED_LINE ''");
    assertThat(Cuts.chunked("0\r\nGET / HTTP/1.1\r\n\r\n")).isEqualTo("FIELD_NAME ''");
  }

  @Test
  void trailersHaveALimit() {
    byte[] large = Cuts.bytes("0\r\nA: " + "b".repeat(8192) + "\r\n\r\n");
    assertThat(Cuts.readBody(List.of(large), Framing.CHUNKED, 0))
        .isEqualTo(Cuts.readBody(Cuts.parts(large, 2, 5, 8000), Framing.CHUNKED, 0))
        .isEqualTo("TRAILERS_TOO_LARGE ''");
    byte[] many = Cuts.bytes("0\r\n" + "A: b\r\n".repeat(101) + "\r\n");
    assertThat(Cuts.readBody(List.of(many), Framing.CHUNKED, 0)).isEqualTo("TOO_MANY_FIELDS ''");
    byte[] full = Cuts.bytes("0\r\nA: " + "b".repeat(8192 - 5) + "\r\n\r\n");
    assertThat(Cuts.readBody(List.of(full), Framing.CHUNKED, 0)).startsWith("'' trailers=[A=bb");
  }

  @Test
  void aRefusedMessageLeavesNothingToTheNext() {
    BodyDecoder body = new BodyDecoder(Settings.Limits.DEFAULT);
    for (String bad : List.of("0\r\nA: b\r\nC d", "5;=", "1\r\nxy", "0\r\nA: b\r\n\r\n")) {
      body.start(Framing.CHUNKED, 0);
      body.decode(Unpooled.wrappedBuffer(Cuts.bytes(bad)), ByteBuf::release);
      body.start(Framing.CHUNKED, 0);
      ByteBuf good = Unpooled.wrappedBuffer(Cuts.bytes("1\r\nx\r\n0\r\nD: e\r\n\r\n"));
      assertThat(body.decode(good, ByteBuf::release)).as(bad).isEqualTo(Progress.DONE);
      assertThat(Cuts.fields(body.trailers())).isEqualTo("[D=e]");
      assertThat(body.received()).isOne();
    }
  }

  @Test
  void aCutMessageDoesNotPassForAComplete() {
    BodyDecoder body = new BodyDecoder(Settings.Limits.DEFAULT);
    body.start(Framing.LENGTH, 5);
    assertThat(body.inputEnded()).isEqualTo(Progress.REFUSED);
    assertThat(body.refusal()).isEqualTo(Refusal.CUT);
    body.start(Framing.CHUNKED, 0);
    assertThat(body.inputEnded()).isEqualTo(Progress.REFUSED);
    body.start(Framing.UNTIL_CLOSE, 0);
    assertThat(body.isDone()).isFalse();
    assertThat(body.inputEnded()).isEqualTo(Progress.DONE);
    assertThat(body.isDone()).isTrue();
    body.start(Framing.NONE, 0);
    assertThat(body.inputEnded()).isEqualTo(Progress.DONE);
  }

  @Test
  void theSinkMayStopTheMessage() {
    BodyDecoder body = new BodyDecoder(Settings.Limits.DEFAULT);
    body.start(Framing.CHUNKED, 0);
    String chunk = "400\r\n" + "x".repeat(1024) + "\r\n";
    ByteBuf in = Unpooled.wrappedBuffer(Cuts.bytes("3\r\nabc\r\n" + chunk + chunk));
    List<Integer> sizes = new ArrayList<>();
    BodyDecoder.Sink sink =
        data -> {
          sizes.add(data.readableBytes());
          data.release();
          body.stop();
        };

    assertThat(body.decode(in, sink)).isEqualTo(Progress.MORE);
    assertThat(sizes).containsExactly(3);
    int left = in.readableBytes();
    assertThat(body.decode(in, sink)).isEqualTo(Progress.MORE);
    assertThat(in.readableBytes()).isEqualTo(left);
    body.start(Framing.LENGTH, 4);
    assertThat(body.decode(in, sink)).isEqualTo(Progress.MORE);
    assertThat(sizes).containsExactly(3, 4);
    in.release();
  }

  @Test
  void largePiecesShareTheInputAndSmallOnesAreGathered() {
    ByteBuf in = PooledByteBufAllocator.DEFAULT.directBuffer(64 * 1024);
    in.writeBytes(Cuts.bytes("1\r\na\r\n".repeat(1000)));
    in.writeBytes(Cuts.bytes("1000\r\n" + "b".repeat(4096) + "\r\n0\r\n\r\n"));
    BodyDecoder body = new BodyDecoder(Settings.Limits.DEFAULT);
    body.start(Framing.CHUNKED, 0);
    List<ByteBuf> pieces = new ArrayList<>();

    assertThat(body.decode(in, pieces::add)).isEqualTo(Progress.DONE);
    assertThat(pieces).extracting(ByteBuf::readableBytes).containsExactly(1000, 4096);
    assertThat(in.refCnt()).isEqualTo(2);
    assertThat(body.received()).isEqualTo(5096);
    pieces.forEach(ByteBuf::release);
    in.release();
  }

  @Test
  void aFewBytesDoNotHoldALargeBuffer() {
    ByteBuf in = PooledByteBufAllocator.DEFAULT.directBuffer(64 * 1024);
    in.writeBytes(Cuts.bytes("abc"));
    BodyDecoder body = new BodyDecoder(Settings.Limits.DEFAULT);
    body.start(Framing.LENGTH, 10);
    List<ByteBuf> pieces = new ArrayList<>();

    assertThat(body.decode(in, pieces::add)).isEqualTo(Progress.MORE);
    assertThat(in.refCnt()).isEqualTo(1);
    assertThat(pieces.getFirst().capacity()).isLessThan(64);
    pieces.forEach(ByteBuf::release);
    in.release();
  }
}
