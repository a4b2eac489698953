package dev.penstock.core.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.Settings;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class HeadBudgetTest {
  private static final int KIB = 1024;
  private static final String START = "GET / HTTP/1.1\r\nHost: a.test\r\n";
  private static final String CHUNKED_END = "0\r\n";

  /** Room for one array of 32 KiB. */
  private final HeadBudget budget = new HeadBudget(31 * KIB);

  private RequestHead head() {
    return new RequestHead(Settings.Limits.DEFAULT, budget);
  }

  private static Progress feed(RequestHead head, String text) {
    return head.feed(Unpooled.wrappedBuffer(Cuts.bytes(text)));
  }

  private static String field(int kib) {
    return "X: " + "x".repeat(kib * KIB);
  }

  @Test
  void aSmallHeadTakesNothing() {
    RequestHead head = head();

    assertThat(feed(head, START + "X: " + "x".repeat(900) + "\r\n\r\n")).isEqualTo(Progress.DONE);
    assertThat(budget.taken()).isZero();
  }

  @Test
  void aLargeHeadTakesWhatIsBeyondItsFirstArrayAndGivesItBack() {
    RequestHead head = head();

    assertThat(feed(head, START + field(17))).isEqualTo(Progress.MORE);
    assertThat(budget.taken()).isEqualTo(31 * KIB).isEqualTo(head.taken());
    head.reset();
    assertThat(budget.taken()).isZero();
  }

  @Test
  void anAnswersHeadGivesBackWhatItTookWhenItWasPassedOn() {
    ResponseHead head = new ResponseHead(Settings.Limits.DEFAULT, budget);
    String answer = "HTTP/1.1 204 No Content\r\n" + field(17) + "\r\n\r\n";

    assertThat(head.feed(Unpooled.wrappedBuffer(Cuts.bytes(answer)))).isEqualTo(Progress.DONE);
    head.frameFor(Method.GET);
    assertThat(budget.taken()).isEqualTo(31 * KIB).isEqualTo(head.taken());
    head.forget();
    assertThat(budget.taken()).isZero();
    assertThat(head.status()).isEqualTo(204);
    assertThat(head.framing()).isEqualTo(Framing.NONE);
    assertThat(head.keepAlive()).isTrue();
  }

  @Test
  void anAnswersHeadThatGetsNoMoreIsRefused() {
    assertThat(budget.take(20 * KIB)).isTrue();
    ResponseHead head = new ResponseHead(Settings.Limits.DEFAULT, budget);

    assertThat(head.feed(Unpooled.wrappedBuffer(Cuts.bytes("HTTP/1.1 200 OK\r\n" + field(17)))))
        .isEqualTo(Progress.REFUSED);
    assertThat(head.refusal()).isEqualTo(Refusal.NO_MEMORY);
    head.trim();
    assertThat(budget.taken()).isEqualTo(20 * KIB);
  }

  @Test
  void anArrayThatIsKeptStaysTakenUntilItIsTrimmed() {
    RequestHead head = head();

    feed(head, START + field(3));
    head.reset();
    assertThat(budget.taken()).isEqualTo(3 * KIB);
    feed(head, START + field(3));
    assertThat(budget.taken()).isEqualTo(3 * KIB);
    head.trim();
    assertThat(budget.taken()).isZero();
  }

  @Test
  void theHeadThatGrowsLastIsRefused() {
    RequestHead first = head();
    RequestHead last = head();

    feed(first, START + field(17));
    assertThat(feed(last, START + field(1))).isEqualTo(Progress.REFUSED);
    assertThat(last.refusal()).isEqualTo(Refusal.NO_MEMORY);
    assertThat(feed(first, "\r\n\r\n")).isEqualTo(Progress.DONE);

    first.reset();
    last.reset();
    assertThat(feed(last, START + field(17) + "\r\n\r\n")).isEqualTo(Progress.DONE);
  }

  @Test
  void aPathThatNeedsRoomToBeMadeCanonicalCounts() {
    RequestHead first = head();
    RequestHead last = head();

    feed(first, START + field(17));
    String path = "/%7e" + "x".repeat(600);
    assertThat(feed(last, "GET " + path + " HTTP/1.1\r\nHost: a.test\r\n\r\n"))
        .isEqualTo(Progress.REFUSED);
    assertThat(last.refusal()).isEqualTo(Refusal.NO_MEMORY);
  }

  @Test
  void fieldsBeyondTheFirst24Count() {
    RequestHead first = head();
    RequestHead last = head();

    feed(first, START + "a:\r\n".repeat(40));
    assertThat(budget.taken()).isEqualTo(24 * 21);
    first.reset();
    assertThat(budget.taken()).isZero();

    feed(first, START + field(17));
    assertThat(feed(last, START + "a:\r\n".repeat(23))).isEqualTo(Progress.MORE);
    assertThat(feed(last, "a:\r\n")).isEqualTo(Progress.REFUSED);
    assertThat(last.refusal()).isEqualTo(Refusal.NO_MEMORY);
  }

  @Test
  void trailersCountUntilTheyAreForgotten() {
    BodyDecoder body = new BodyDecoder(Settings.Limits.DEFAULT, budget);
    body.start(Framing.CHUNKED, -1);

    assertThat(decode(body, CHUNKED_END + field(5))).isEqualTo(Progress.MORE);
    assertThat(budget.taken()).isEqualTo(7 * KIB);
    body.forgetTrailers();
    assertThat(budget.taken()).isZero();
  }

  @Test
  void trailersThatGrowLastAreRefused() {
    BodyDecoder body = new BodyDecoder(Settings.Limits.DEFAULT, budget);
    body.start(Framing.CHUNKED, -1);
    feed(head(), START + field(17));

    assertThat(decode(body, CHUNKED_END + field(1))).isEqualTo(Progress.REFUSED);
    assertThat(body.refusal()).isEqualTo(Refusal.NO_MEMORY);
  }

  private static Progress decode(BodyDecoder body, String text) {
    return body.decode(Unpooled.wrappedBuffer(Cuts.bytes(text)), data -> data.release());
  }

  @Test
  void theLastQuarterIsExcess() {
    HeadBudget small = new HeadBudget(400);

    assertThat(small.take(300)).isTrue();
    assertThat(small.excessBytes()).isZero();
    assertThat(small.take(100)).isTrue();
    assertThat(small.excessBytes()).isEqualTo(100);
    assertThat(small.take(1)).isFalse();
    small.giveBack(100);
    assertThat(small.excessBytes()).isZero();
  }
}
