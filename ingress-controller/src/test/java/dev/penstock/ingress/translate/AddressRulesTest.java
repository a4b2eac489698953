package dev.penstock.ingress.translate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {
  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1", "192.168.255.254", "2001:db8::1", "fd00::1"})
  void addressesOfPodsAreUsed(String address) {
    assertThat(AddressRules.fault(address, isV4(address), true)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.9.9.9", "169.254.169.254", "::1", "fe80::1"})
  void objectsOfTheClusterDoNotReachTheGatewaysOwnMachineOrLink(String address) {
    assertThat(AddressRules.fault(address, isV4(address), true)).isNotEmpty();
    assertThat(AddressRules.fault(address, isV4(address), false)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.0.0",
        "10.0.0.256",
        "010.0.0.1",
        "10.0.0.1 ",
        "a.example.com",
        "0.0.0.0",
        "224.0.0.1",
        "::",
        "ff02::1",
        "fe80::1%eth0",
        "::ffff:10.0.0.1",
        "::ffff:7f00:1",
        "1::2::3",
        "[::1]",
        "10.0.0.1\n"
      })
  void whatIsNoAddressOfOneMachineIsNeverUsed(String address) {
    assertThat(AddressRules.fault(address, true, false)).isNotEmpty();
    assertThat(AddressRules.fault(address, false, false)).isNotEmpty();
  }

  private static boolean isV4(String address) {
    return address.indexOf('.') > 0;
  }
}
