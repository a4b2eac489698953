package dev.penstock.scenarios.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.testkit.Await;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.Ports;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** A client that overlooks a failure would let every scenario hold. */
class LoadClientTest {
  private static final Question QUESTION = Question.expecting("a.test", "/", "hi");
  private static final String RIGHT = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

  @Test
  void rightAnswersAreCountedAndNothingElse() throws Exception {
    try (Origin origin = Origin.answering(RIGHT)) {
      Tally tally = askedAtLeast(20, origin.port());

      assertThat(tally.failures()).isEmpty();
      assertThat(tally.right()).isGreaterThanOrEqualTo(20).isEqualTo(origin.requests().size());
      assertThat(tally.connects()).isEqualTo(2);
    }
  }

  @Test
  void aWrongBodyIsAFailure() throws Exception {
    try (Origin origin = Origin.answering(RIGHT.replace("hi", "ho"))) {
      assertThat(askedAtLeast(1, origin.port()).failures())
          .containsOnlyKeys("200 'ho' in place of 'hi'");
    }
  }

  @Test
  void aWrongStatusIsAFailure() throws Exception {
    try (Origin origin = Origin.answering(RIGHT.replace("200 OK", "503 No"))) {
      assertThat(askedAtLeast(1, origin.port()).failures())
          .containsOnlyKeys("503 'hi' in place of 'hi'");
    }
  }

  @Test
  void bytesAfterAnAnswerAreAFailure() throws Exception {
    try (Origin origin = Origin.answering(RIGHT + "!")) {
      assertThat(askedAtLeast(1, origin.port()).failures())
          .containsOnlyKeys("1 bytes after the answer HTTP/1.1 200 OK");
    }
  }

  @Test
  void aRequestWithoutAnAnswerIsAFailure() throws Exception {
    try (Origin origin = Origin.replying((request, connection) -> connection.close())) {
      assertThat(askedAtLeast(1, origin.port()).failures())
          .containsOnlyKeys("closed before an answer");
    }
  }

  @Test
  void aCutAnswerIsAFailure() throws Exception {
    try (Origin origin =
        Origin.replying((request, connection) -> {
          connection.send(RIGHT.substring(0, RIGHT.length() - 1));
          connection.close();
        })) {
      assertThat(askedAtLeast(1, origin.port()).failures())
          .containsOnlyKeys("closed within an answer");
    }
  }

  @Test
  void aRefusedConnectionIsAFailure() throws Exception {
    assertThat(askedAtLeast(1, Ports.closed()).failures()).containsOnlyKeys("Connection refused");
  }

  @Test
  void aConnectionThatTheServerEndsAfterAnAnswerIsOpenedAnew() throws Exception {
    String last = RIGHT.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    try (Origin origin =
        Origin.replying((request, connection) -> {
          connection.send(last);
          connection.close();
        })) {
      Tally tally = askedAtLeast(20, origin.port());

      assertThat(tally.failures()).isEmpty();
      assertThat(tally.connects()).isEqualTo(tally.right());
    }
  }

  private static Tally askedAtLeast(int count, int port) throws InterruptedException {
    LoadClient.Plan plan =
        new LoadClient.Plan(new InetSocketAddress(Ports.loopback(), port), 2, 500);
    try (LoadClient client = LoadClient.start(plan, () -> QUESTION)) {
      Tally tally = client.tally();
      Await.until("answers", () -> tally.right() + tally.failed() >= count);
      client.stop();
      return tally;
    }
  }
}
