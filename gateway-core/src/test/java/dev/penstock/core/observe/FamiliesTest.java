package dev.penstock.core.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FamiliesTest {
  private static final MetricSnapshots NO_OTHERS = new MetricSnapshots();

  private final Families families = new Families();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  private static Labels number(int number) {
    return Labels.of("upstream", "%07d".formatted(number));
  }

  private String written() throws IOException {
    families.write(NO_OTHERS, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, Families.PART_SERIES, Families.PART_SERIES + 1, 1_000})
  void aFamilyOfPartsReadsAsOneFamily(int count) throws IOException {
    Family whole = new Family(Metric.UPSTREAM_OPEN);
    numbers(count).forEach(each -> whole.add(number(each), each));
    families.each(
        Metric.UPSTREAM_OPEN, () -> numbers(count), (part, each) -> part.add(number(each), each));
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    new Families().write(MetricSnapshots.of(whole.snapshot()), expected);
    assertThat(written()).isEqualTo(expected.toString(StandardCharsets.UTF_8));
  }

  @Test
  void aFamilyWithoutSeriesIsNotShown() throws IOException {
    families.each(
        Metric.UPSTREAM_OPEN, () -> numbers(0), (part, each) -> part.add(number(each), 0));
    assertThat(written()).isEmpty();
  }

  @Test
  void notMoreThanAPartIsInMemory() throws IOException {
    AtomicInteger read = new AtomicInteger();
    List<Integer> ahead = new ArrayList<>();
    families.each(
        Metric.UPSTREAM_OPEN,
        () -> numbers(10_000),
        (part, each) -> {
          read.incrementAndGet();
          part.add(number(each), each);
        });
    families.write(
        NO_OTHERS,
        new ByteArrayOutputStream() {
          @Override
          public synchronized void write(byte[] bytes, int offset, int length) {
            long writtenBefore = toString(StandardCharsets.UTF_8).lines().skip(2).count();
            ahead.add((int) (read.get() - writtenBefore));
            super.write(bytes, offset, length);
          }
        });
    assertThat(read).hasValue(10_000);
    assertThat(ahead).allMatch(series -> series <= Families.PART_SERIES + 1);
  }

  @Test
  void oneFamilyIsFoundAtATime() throws IOException {
    List<String> order = new ArrayList<>();
    for (Metric metric : List.of(Metric.UPSTREAM_OPEN, Metric.UPSTREAM_IDLE)) {
      families.each(
          metric,
          () -> {
            order.add("find " + metric);
            return numbers(1);
          },
          (part, each) -> {
            order.add("read " + metric);
            part.add(number(each), each);
          });
    }
    assertThat(order).isEmpty();
    assertThat(written()).isNotEmpty();
    assertThat(order)
        .containsExactly(
            "find UPSTREAM_IDLE", "read UPSTREAM_IDLE", "find UPSTREAM_OPEN", "read UPSTREAM_OPEN");
  }
}
