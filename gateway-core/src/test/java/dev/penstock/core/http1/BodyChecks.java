package dev.penstock.core.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.Settings;
import dev.penstock.testkit.StrictReparse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What must hold of every body: the same payload however it is cut, the payload that {@link Naive}
 * finds, nothing used behind the end, and no buffer left.
 */
final class BodyChecks {
  private static final String HEAD =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

  private BodyChecks() {}

  static void chunked(FuzzTarget target, byte[] input, Settings.Limits limits, FuzzCoverage seen) {
    Reading reading = readEveryWay(input, Framing.CHUNKED, 0, limits, seen, target);
    String text = Cuts.text(input);
    String wanted = Naive.chunked(text, limits);
    String found =
        switch (reading.progress) {
          case MORE -> Naive.MORE;
          case REFUSED -> Naive.REFUSED;
          case DONE -> reading.payload + "|" + text.substring(reading.used);
        };
    boolean early = found.equals(Naive.REFUSED) && wanted.equals(Naive.MORE);
    assertThat(early ? wanted : found).isEqualTo(wanted);
    if (reading.progress == Progress.DONE) {
      requireSentAgain(input, reading.payload.toString(), limits);
    }
  }

  static void length(FuzzTarget target, byte[] input, Settings.Limits limits, FuzzCoverage seen) {
    if (input.length < 2) {
      return;
    }
    boolean small = (input[1] & 1) == 0;
    int length = small ? input[0] & 0x1F : (input[0] & 0xFF) << 2;
    byte[] bytes = Arrays.copyOfRange(input, 2, input.length);
    Reading reading = readEveryWay(bytes, Framing.LENGTH, length, limits, seen, target);
    int there = Math.min(length, bytes.length);
    assertThat(reading.payload.toString()).isEqualTo(Cuts.text(bytes).substring(0, there));
    assertThat(reading.progress).isEqualTo(there == length ? Progress.DONE : Progress.MORE);
    assertThat(reading.used).isEqualTo(there);
  }

  static void untilClose(
      FuzzTarget target, byte[] input, Settings.Limits limits, FuzzCoverage seen) {
    Reading reading = readEveryWay(input, Framing.UNTIL_CLOSE, 0, limits, seen, target);
    assertThat(reading.payload.toString()).isEqualTo(Cuts.text(input));
    assertThat(reading.atEnd).isEqualTo(Progress.DONE);
  }

  private static Reading readEveryWay(
      byte[] input,
      Framing framing,
      long length,
      Settings.Limits limits,
      FuzzCoverage seen,
      FuzzTarget target) {
    BodyDecoder body = new BodyDecoder(limits);
    Reading whole = new Reading(body, framing, length);
    whole.read(List.of(input));
    for (List<byte[]> parts : Cuts.random(input)) {
      Reading cut = new Reading(body, framing, length);
      cut.read(parts);
      assertThat(cut.toString()).isEqualTo(whole.toString());
    }
    Reading single = new Reading(body, framing, length);
    single.seen = seen;
    single.read(Cuts.everywhere(input));
    assertThat(single.toString()).isEqualTo(whole.toString());
    seen.result(target, whole.progress);
    if (whole.atEnd == Progress.REFUSED) {
      seen.refusal(target, body.refusal());
    }
    Reading stopped = new Reading(body, framing, length);
    stopped.stopAtFirstPiece = true;
    stopped.read(List.of(input));
    return whole;
  }

  /** The payload framed anew is what a strict backend reads. */
  private static void requireSentAgain(byte[] input, String payload, Settings.Limits limits) {
    BodyDecoder body = new BodyDecoder(limits);
    body.start(Framing.CHUNKED, 0);
    ByteBuf out = Unpooled.buffer().writeBytes(Cuts.bytes(HEAD));
    boolean[] first = {true};
    body.decode(
        Unpooled.wrappedBuffer(input),
        data -> {
          Chunks.header(out, data.readableBytes(), first[0]);
          first[0] = false;
          out.writeBytes(data);
          data.release();
        });
    Chunks.last(out, first[0], body.trailers());
    StrictReparse.Result result = StrictReparse.parse(ByteBufUtil.getBytes(out));
    assertThat(result.ending())
        .as(result.fault() + Cuts.text(ByteBufUtil.getBytes(out)))
        .isEqualTo(StrictReparse.Ending.COMPLETE);
    assertThat(result.requests()).hasSize(1);
    assertThat(Cuts.text(result.requests().getFirst().body())).isEqualTo(payload);
  }

  /** One message's body through the decoder, with every buffer counted. */
  private static final class Reading implements BodyDecoder.Sink {
    private final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(false, true);
    private final BodyDecoder body;
    final StringBuilder payload = new StringBuilder();
    Progress progress = Progress.MORE;
    Progress atEnd = Progress.MORE;
    int used;
    boolean stopAtFirstPiece;
    @Nullable FuzzCoverage seen;
    private boolean stopped;
    private String trailers = "";

    Reading(BodyDecoder body, Framing framing, long length) {
      this.body = body;
      body.start(framing, length);
    }

    void read(List<byte[]> parts) {
      progress = body.decode(Unpooled.EMPTY_BUFFER, this);
      for (byte[] part : parts) {
        read(part);
      }
      assertThat(buffers.metric().usedHeapMemory()).as("bytes of buffers left").isZero();
      assertThat(body.received()).isEqualTo(payload.length());
      trailers = progress == Progress.DONE ? Cuts.fields(body.trailers()) : "";
      atEnd = body.inputEnded();
    }

    private void read(byte[] part) {
      boolean open = progress == Progress.MORE && !stopped;
      ByteBuf in = buffers.heapBuffer(Math.max(1, part.length)).writeBytes(part);
      FuzzCoverage coverage = seen;
      List<FuzzCoverage.At> states =
          open && coverage != null && part.length > 0 ? coverage.before(body) : List.of();
      progress = body.decode(in, this);
      if (coverage != null) {
        coverage.after(states, progress);
      }
      HeadChecks.requireUse(open, stopped ? Progress.DONE : progress, in);
      used += in.readerIndex();
      in.release();
    }

    @Override
    public void bodyData(ByteBuf data) {
      assertThat(stopped).as("data after the stop").isFalse();
      assertThat(data.isReadable()).as("an empty piece").isTrue();
      payload.append(Cuts.text(ByteBufUtil.getBytes(data)));
      data.release();
      if (stopAtFirstPiece) {
        stopped = true;
        body.stop();
      }
    }

    @Override
    public String toString() {
      String why = progress == Progress.REFUSED ? " " + body.refusal() : "";
      return progress + why + " " + used + " '" + payload + "' " + trailers + " then " + atEnd;
    }
  }
}
