package dev.penstock.ingress.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PageSizeTest {
  private static final int LARGE = 300_000;

  private final PageSize size = new PageSize(500);
  private int readInVain;

  /** The sizes of the pages that a list of so many objects takes. */
  private List<Integer> list(int objects, int bytesOfEach) {
    List<Integer> pages = new ArrayList<>();
    size.begin();
    while (objects > 0) {
      int count = Math.min(objects, size.objects());
      long bytes = (long) count * bytesOfEach;
      if (bytes > PageSize.BYTES_MAX) {
        readInVain++;
        size.isTooLarge();
        continue;
      }
      pages.add(count);
      objects -= count;
      size.hasRead(count, (int) bytes);
    }
    return pages;
  }

  @Test
  void smallObjectsComeInTheLargestPages() {
    assertThat(list(1_200, 1_000)).containsExactly(500, 500, 200);
    assertThat(readInVain).isZero();
  }

  @Test
  void ofLargeObjectsFewPagesAreReadInVainAndOnlyOnce() {
    assertThat(list(300, LARGE).subList(0, 3)).containsExactly(31, 13, 13);
    assertThat(readInVain).isEqualTo(2);
    assertThat(list(300, LARGE)).startsWith(26, 13);
    assertThat(readInVain).isEqualTo(2);
  }

  @Test
  void whatGetsSmallComesInLargerPagesAgain() {
    list(300, LARGE);
    assertThat(list(1_000, 1_000)).startsWith(26, 52, 104, 208, 416);
    assertThat(list(1_000, 1_000)).startsWith(52, 104);
    for (int i = 0; i < 4; i++) list(1_000, 1_000);
    assertThat(list(1_000, 1_000)).startsWith(500);
  }

  @Test
  void oneObjectIsTheLeast() {
    size.begin();
    for (int i = 0; i < 10; i++) size.isTooLarge();
    assertThat(size.objects()).isEqualTo(1);
    size.hasRead(1, PageSize.BYTES_MAX);
    assertThat(size.objects()).isEqualTo(1);
  }

  @Test
  void anEmptyPageSaysNothingOfTheNext() {
    size.begin();
    size.hasRead(0, 200);
    assertThat(size.objects()).isEqualTo(500);
  }
}
