package dev.penstock.ingress.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {
  private static final String ALPHABET = "0123459...";
  private static final String PART = "(0|[1-9][0-9]?|1[0-9][0-9]|2[0-4][0-9]|25[0-5])";

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1", "192.168.255.254", "2001:db8::1", "fd00::1"})
  void addressesOfPodsAreUsed(String address) {
    assertThat(AddressRules.fault(address, isV4(address), true)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.9.9.9",
        "169.254.169.254",
        "::1",
        "fe80::1",
        "fd00:ec2::254",
        "100.100.100.200",
        "168.63.129.16"
      })
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

  /** What is told from its digits is what the expression says. */
  @Test
  void aDottedQuadIsWhatAnExpressionSaysThatItIs() {
    Pattern quad = Pattern.compile("(PART\\.){3}PART".replace("PART", PART));
    Random random = new Random(4);
    int quads = 0;
    for (int i = 0; i < 200_000; i++) {
      String text =
          random
              .ints(random.nextInt(5, 13), 0, ALPHABET.length())
              .mapToObj(c -> ALPHABET.substring(c, c + 1))
              .collect(Collectors.joining());
      boolean isQuad = quad.matcher(text).matches();
      assertThat(AddressRules.parsed(text, true) != null).as(text).isEqualTo(isQuad);
      if (isQuad) quads++;
    }
    assertThat(quads).isGreaterThan(200);
  }
}
