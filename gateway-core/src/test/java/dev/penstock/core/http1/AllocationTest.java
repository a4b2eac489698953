package dev.penstock.core.http1;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.penstock.model.Network;
import dev.penstock.model.Settings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@SuppressWarnings("StringConcatToTextBlock") // text blocks end lines in LF, the wire in CRLF
class AllocationTest {
  private static final int WARM_UP = 30_000;
  private static final int MEASURED = 10_000;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final RequestHead request = new RequestHead(Settings.Limits.DEFAULT);
  private final ResponseHead response = new ResponseHead(Settings.Limits.DEFAULT);
  private final BodyDecoder body = new BodyDecoder(Settings.Limits.DEFAULT);
  private final ResponseEncoder.Options options = new ResponseEncoder.Options();
  private final Identity identity =
      new Identity(Cuts.bytes("192.0.2.7"), Cuts.bytes("http"), Cuts.bytes("80"));
  private @Nullable ForwardedRules rules;
  private final ByteBuf out = Unpooled.buffer(16 * 1024);
  private final ByteBuf in =
      Unpooled.wrappedBuffer(
          Cuts.bytes(
              "POST /a/%7Eb/../c?d=e HTTP/1.1\r\nHost: www.example.test\r\nUser-Agent: test/1.0\r\n"
                  + "Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8\r\nConnection: x-hop\r\n"
                  + "X-Forwarded-For: 192.0.2.9, 2001:db8::1\r\nX-Forwarded-Proto: https\r\n"
                  + "X-Hop: 1\r\nX_Odd: 2\r\nTransfer-Encoding: chunked\r\nCookie: a=b; c=d\r\n\r\n"
                  + "0\r\nX-Trailer: 1\r\n\r\n"));
  private final ByteBuf answer =
      Unpooled.wrappedBuffer(
          Cuts.bytes(
              "HTTP/1.1 200 OK\r\nServer: x\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                  + "Content-Type: text/plain\r\nContent-Length: 0\r\nETag: \"a\"\r\n\r\n"));

  @ParameterizedTest
  @EnumSource(Settings.FrontProxies.Belief.class)
  void aRequestAndItsResponseAllocateNothing(Settings.FrontProxies.Belief belief) {
    var networks = List.of(Network.of("192.0.2.7"), Network.of("2001:db8::/32"));
    rules =
        ForwardedRules.of(
            new Settings.FrontProxies(
                belief, true, "X-Forwarded-For", "X-Forwarded-Host", false, networks));
    for (int i = 0; i < WARM_UP; i++) {
      exchange(i);
    }
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < MEASURED; i++) {
      exchange(i);
    }
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated / MEASURED).as(allocated + " B in all").isZero();
  }

  private void exchange(int i) {
    in.readerIndex(0);
    answer.readerIndex(0);
    out.clear();
    request.reset();
    response.reset();
    boolean complete = request.feed(in) == Progress.DONE;
    identity.begin(request, rules);
    identity.newRequestId(i, ~i);
    RequestEncoder.encode(out, request, identity);
    body.start(request.framing(), request.contentLength());
    complete &= body.decode(in, ByteBuf::release) == Progress.DONE;
    Chunks.last(out, true, body.trailers());
    complete &= response.feed(answer) == Progress.DONE;
    response.frameFor(request.method());
    options.passOn(request, response, true);
    ResponseEncoder.encode(out, response, options);
    if (!complete) {
      throw new AssertionError("refused");
    }
  }
}
