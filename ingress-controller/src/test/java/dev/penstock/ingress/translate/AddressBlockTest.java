package dev.penstock.ingress.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressBlockTest {
  @ParameterizedTest
  @CsvSource({
    "10.96.0.0/12, 10.111.255.255, true",
    "10.96.0.0/12, 10.112.0.0, false",
    "10.96.7.1/16, 10.96.0.1, true",
    "10.96.0.1, 10.96.0.1, true",
    "10.96.0.1, 10.96.0.2, false",
    "0.0.0.0/0, 203.0.113.1, true",
    "0.0.0.0/0, fd00::1, false",
    "fd00::/108, fd00::f:ffff, true",
    "fd00::/108, fd00::10:0, false",
    "::/0, 10.0.0.1, false"
  })
  void holdsTheAddressesWithItsFirstBits(String block, String address, boolean isInIt) {
    assertThat(AddressBlock.parse(block).contains(InetAddress.ofLiteral(address)))
        .isEqualTo(isInIt);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/8",
        "10.0.0.0/",
        "10.0.0.0/33",
        "fd00::/129",
        "10.0.0/8",
        "a.test/8",
        "10.0.0.0/8/8",
        "10.0.0.0/-1"
      })
  void isRefusedWhenItIsNone(String text) {
    assertThatThrownBy(() -> AddressBlock.parse(text)).hasMessageContaining("is no block");
  }
}
