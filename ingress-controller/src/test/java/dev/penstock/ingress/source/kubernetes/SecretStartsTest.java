package dev.penstock.ingress.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SecretStartsTest {
  private long now;
  private final SecretStarts starts = new SecretStarts(() -> now, Duration.ofMillis(100), 200);

  private int begun(String namespace) {
    int begun = 0;
    while (starts.mayStart(namespace)) begun++;
    return begun;
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  @Test
  void eachNamespaceMayBeginManyAtOnceAndThenTenInASecond() {
    assertThat(begun("a")).isEqualTo(200);
    assertThat(begun("b")).isEqualTo(200);
    pass(Duration.ofSeconds(1));
    assertThat(begun("a")).isEqualTo(10);
    pass(Duration.ofMinutes(5));
    assertThat(begun("a")).isEqualTo(200);
  }
}
