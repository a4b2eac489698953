package dev.penstock.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
  private static boolean holds(String network, String address) {
    byte[] bytes = InetAddress.ofLiteral(address).getAddress();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return bytes.length == 4
        ? Network.of(network).contains(0, 0xFFFF_0000_0000L | (in.getInt() & 0xFFFF_FFFFL))
        : Network.of(network).contains(in.getLong(), in.getLong());
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.0.1, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.1.2.3/8, 10.255.0.1, true",
    "192.0.2.7, 192.0.2.7, true",
    "192.0.2.7, 192.0.2.6, false",
    "0.0.0.0/0, 255.255.255.255, true",
    "0.0.0.0/0, ::1, false",
    "::/0, ::1, true",
    "::/0, 192.0.2.7, false",
    "::ffff:10.0.0.0/104, 10.1.1.1, true",
    "2001:db8::/32, 2001:db8:ffff::1, true",
    "2001:db8::/32, 2001:db9::1, false",
    "2001:db8::1/128, 2001:db8::1, true",
    "2001:db8::8000:0:0:0/65, 2001:db8::9000:0:0:0, true",
    "2001:db8::8000:0:0:0/65, 2001:db8::7000:0:0:0, false",
  })
  void aNetworkHoldsTheAddressesOfItsFamilyThatBeginAsItDoes(
      String network, String address, boolean held) {
    assertThat(holds(network, address)).isEqualTo(held);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "a.test", "::/129"})
  void whatIsNoNetworkIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Network.of(text));
  }

  @Test
  void itsTextGivesTheSameAgainAndItHoldsWhatArithmeticSays() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      long high = random.nextBoolean() ? 0 : random.nextLong();
      long low = high == 0 ? 0xFFFF_0000_0000L | random.nextInt() : random.nextLong();
      Network network = new Network(high, low, random.nextInt(129));
      assertThat(Network.of(network.toString())).isEqualTo(network);
      long otherHigh = random.nextInt(3) == 0 ? random.nextLong() : high;
      long otherLow = low ^ (random.nextLong() >>> random.nextInt(64));
      if (otherHigh == 0) continue; // families are another test's
      boolean same =
          prefix(high, low, network.bits()).equals(prefix(otherHigh, otherLow, network.bits()));
      assertThat(network.contains(otherHigh, otherLow)).isEqualTo(same);
    }
  }

  private static BigInteger prefix(long high, long low, int bits) {
    byte[] bytes = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    return new BigInteger(1, bytes).shiftRight(128 - bits);
  }
}
