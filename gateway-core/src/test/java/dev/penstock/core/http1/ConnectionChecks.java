package dev.penstock.core.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.Settings;
import dev.penstock.testkit.SeenRequest;
import dev.penstock.testkit.StrictReparse;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What must hold of a connection's whole bytes: a backend gets complete requests, or a cut one. */
final class ConnectionChecks {
  private ConnectionChecks() {}

  static void connection(
      FuzzTarget target, byte[] input, Settings.Limits limits, FuzzCoverage seen) {
    String whole = relay(List.of(input), limits, seen);
    for (List<byte[]> parts : Cuts.random(input)) {
      assertThat(relay(parts, limits, null)).isEqualTo(whole);
    }
    assertThat(relay(Cuts.everywhere(input), limits, null)).isEqualTo(whole);
  }

  private static String relay(
      List<byte[]> parts, Settings.Limits limits, @Nullable FuzzCoverage seen) {
    Relay relay = new Relay(limits);
    for (byte[] part : parts) {
      relay.read(Unpooled.wrappedBuffer(part));
    }
    StrictReparse.Result result = StrictReparse.parse(ByteBufUtil.getBytes(relay.backend()));
    assertThat(result.ending()).as(result.fault()).isNotEqualTo(StrictReparse.Ending.FAULTY);
    assertThat(result.requests()).hasSize(relay.complete());
    Refusal why = relay.refusal();
    boolean open = why == null && relay.isInMessage();
    if (seen != null) {
      seen.result(
          FuzzTarget.CONNECTION,
          why != null ? Progress.REFUSED : open ? Progress.MORE : Progress.DONE);
      if (why != null) {
        seen.refusal(FuzzTarget.CONNECTION, why);
      }
    }
    StringBuilder words = new StringBuilder(why + " " + result.ending());
    for (SeenRequest request : result.requests()) {
      words
          .append('\n')
          .append(request.method())
          .append(' ')
          .append(request.target())
          .append(request.fields())
          .append(Cuts.text(request.body()));
    }
    return words.toString();
  }
}
