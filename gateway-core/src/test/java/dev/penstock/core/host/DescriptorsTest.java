package dev.penstock.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DescriptorsTest {
  private static final String HEAD =
      "Limit                     Soft Limit           Hard Limit           Units     ";

  @Test
  void theSoftLimitOfOpenFilesIsTheOneInForce() {
    assertThat(
            Descriptors.limit(
                List.of(
                    HEAD,
                    "Max processes             63704                63704                processes ",
                    "Max open files            1024                 524288               files     ")))
        .isEqualTo(1024);
  }

  @Test
  void noLimitIsNoLimit() {
    String row = "Max open files            unlimited            unlimited            files     ";
    assertThat(Descriptors.limit(List.of(HEAD, row))).isEqualTo(Descriptors.UNLIMITED);
    assertThat(Descriptors.limit(List.of())).isEqualTo(Descriptors.UNLIMITED);
    assertThat(new Descriptors(Descriptors.UNLIMITED, 100).forClients())
        .isEqualTo(Descriptors.UNLIMITED);
  }

  @Test
  void theAdminPortHasAFewOfItsOwn() {
    assertThat(new Descriptors(Descriptors.UNLIMITED, 100).forAdmin()).isEqualTo(64);
    assertThat(new Descriptors(1024, 100).forAdmin()).isEqualTo(64);
    assertThat(new Descriptors(128, 100).forAdmin()).isEqualTo(8);
    assertThat(new Descriptors(8, 8).forAdmin()).isEqualTo(1);
  }

  @Test
  void halfOfWhatIsLeftIsForClientsAndNeverNothing() {
    assertThat(new Descriptors(1024, 60).forClients()).isEqualTo((1024 - 60 - 64) / 2);
    assertThat(new Descriptors(64, 63).forClients()).isEqualTo(1);
    assertThat(new Descriptors(64, 70).forClients()).isEqualTo(1);
  }

  @Test
  void thisProcessHasSomeOpen() {
    Descriptors now = Descriptors.now();
    assertThat(now.used()).isPositive();
    assertThat(now.limit()).isGreaterThan(now.used());
  }
}
