package dev.penstock.core.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.core.exchange.LocalAnswer;
import dev.penstock.core.http1.RequestHead;
import dev.penstock.core.observe.ResponseFlag;
import dev.penstock.model.Settings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ErrorPageTest {
  private static String page(String server) {
    RequestHead request = new RequestHead(Settings.Limits.DEFAULT);
    request.feed(
        Unpooled.copiedBuffer("GET / HTTP/1.1\r\nHost: a\r\n\r\n", StandardCharsets.US_ASCII));
    LocalAnswer answer = LocalAnswer.of(404, ResponseFlag.NO_ROUTE);
    ByteBuf out = Unpooled.buffer();
    ErrorPage.encode(
        out, answer, request, "", new byte[0], server.getBytes(StandardCharsets.US_ASCII));
    return out.toString(StandardCharsets.US_ASCII);
  }

  @Test
  void itsServerIsWhatTheGatewayIsCalledOrNone() {
    assertThat(page("penstock")).contains("\r\nServer: penstock\r\n");
    assertThat(page("")).doesNotContain("Server");
  }
}
