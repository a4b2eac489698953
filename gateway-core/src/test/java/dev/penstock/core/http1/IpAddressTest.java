package dev.penstock.core.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
  private static final String ODD = "0123456789abcdefF:.:.::% [/-";

  /** Read from the middle of an array, so that nothing beyond the range may count. */
  private static @Nullable String read(String text) {
    IpAddress address = new IpAddress();
    byte[] a = Cuts.bytes("1:2." + text + ".3:4");
    return address.read(a, 4, 4 + text.length()) ? bits(address.high(), address.low()) : null;
  }

  private static String bits(long high, long low) {
    return Long.toHexString(high) + " " + Long.toHexString(low);
  }

  private static String bitsOf(InetAddress address) {
    ByteBuffer in = ByteBuffer.wrap(address.getAddress());
    return address.getAddress().length == 4
        ? bits(0, 0xFFFF_0000_0000L | (in.getInt() & 0xFFFF_FFFFL))
        : bits(in.getLong(), in.getLong());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "192.0.2.7",
        "255.255.255.255",
        "::",
        "::1",
        "1::",
        "2001:db8::1",
        "2001:DB8::ffff:1",
        "1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::",
        "::2:3:4:5:6:7:8",
        "0000:0000::0000",
        "::ffff:192.0.2.7",
        "::192.0.2.7",
        "1:2:3:4:5:6:192.0.2.7",
        "64:ff9b::192.0.2.7"
      })
  void anAddressIsReadAsTheJdkReadsIt(String text) {
    assertThat(read(text)).isEqualTo(bitsOf(InetAddress.ofLiteral(text)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "unknown",
        "_hidden",
        "1",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.4.",
        ".1.2.3.4",
        "1..2.3",
        "1.2.3.256",
        "1.2.3.0004",
        "01.2.3.4",
        "0x1.2.3.4",
        "1.2.3.4:80",
        "1.2.3.4 ",
        " 1.2.3.4",
        "1.2.3.4/8",
        ":",
        ":::",
        ":1",
        "1:",
        "1::2::3",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::",
        "::1:2:3:4:5:6:7:8",
        "12345::",
        "g::",
        "[::1]",
        "fe80::1%eth0",
        "::1.2.3",
        "::1.2.3.4:5",
        "1:2:3:4:5:6:7:1.2.3.4",
        "1.2.3.4::"
      })
  void whatIsNoAddressIsRefused(String text) {
    assertThat(read(text)).isNull();
  }

  @Test
  void whateverIsReadTheJdkReadsToo() {
    Random random = new Random(11);
    int addresses = 0;
    for (int i = 0; i < 300_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(6) + 2; n > 0; n--) {
        text.append(
            switch (random.nextInt(8)) {
              case 0 -> "" + ODD.charAt(random.nextInt(ODD.length()));
              case 1 -> "::";
              case 2 -> "1.2.3.4";
              case 3 -> random.nextInt(300) + ".";
              default -> Integer.toHexString(random.nextInt(0x10010)) + ":";
            });
      }
      String read = read(text.toString());
      if (read == null) continue;
      addresses++;
      assertThat(read)
          .as(text.toString())
          .isEqualTo(bitsOf(InetAddress.ofLiteral(text.toString())));
    }
    assertThat(addresses).isGreaterThan(1_000);
  }

  @Test
  void everyAddressIsReadInEveryForm() throws Exception {
    Random random = new Random(13);
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
      for (int b = 0; b < bytes.length; b++)
        bytes[b] = (byte) (random.nextInt(3) == 0 ? random.nextInt() : 0);
      InetAddress address = InetAddress.getByAddress(bytes);
      String text = address.getHostAddress();
      assertThat(read(text)).as(text).isEqualTo(bitsOf(address));
      String shorter = text.replaceFirst("(^|:)0(:0)+(:|$)", "::");
      assertThat(read(shorter)).as(shorter).isEqualTo(bitsOf(address));
    }
  }
}
