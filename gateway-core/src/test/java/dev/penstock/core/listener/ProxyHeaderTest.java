package dev.penstock.core.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.core.http1.Progress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {
  private static final String BEHIND = "\r\nGET";
  private static final String SIGNATURE = "0D0A0D0A000D0A515549540A";
  private static final String TCP4 = "C0000207 0A000001 1267 01BB";
  private static final String TCP6 =
      "20010DB8000000000000000000000007 20010DB8000000000000000000000001 1267 01BB";

  /** The client and its port, {@code -} when none is told; {@code more}, {@code refused}. */
  private static String read(byte[] header) {
    byte[] all = new byte[header.length + BEHIND.length()];
    System.arraycopy(header, 0, all, 0, header.length);
    System.arraycopy(BEHIND.getBytes(StandardCharsets.US_ASCII), 0, all, header.length, 5);
    String whole = read(header, all, all.length);
    for (int cut = 1; cut < Math.min(all.length, 150); cut++) {
      assertThat(read(header, all, cut)).as("in pieces of " + cut).isEqualTo(whole);
    }
    return whole;
  }

  private static String read(byte[] header, byte[] all, int piece) {
    ProxyHeader reader = new ProxyHeader();
    ByteBuf in = Unpooled.buffer();
    Progress progress = Progress.MORE;
    for (int at = 0; at < all.length && progress == Progress.MORE; at += piece) {
      assertThat(in.readerIndex()).isZero();
      in.writeBytes(all, at, Math.min(piece, all.length - at));
      progress = reader.feed(in);
    }
    if (progress != Progress.DONE) return progress == Progress.MORE ? "more" : "refused";
    assertThat(in.readerIndex()).isEqualTo(header.length);
    byte[] client = reader.clientAddress();
    return client == null
        ? "-"
        : new String(client, StandardCharsets.US_ASCII) + " " + reader.publicPort();
  }

  private static String text(String line) {
    return read(line.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** A header of version 2: its length is that of the rest, given in hexadecimal digits. */
  private static String binary(String commandAndFamily, String rest) {
    String digits = rest.replace(" ", "");
    String length = HexFormat.of().toHexDigits((short) (digits.length() / 2));
    return read(HexFormat.of().parseHex(SIGNATURE + commandAndFamily + length + digits));
  }

  @ParameterizedTest
  @CsvSource({
    "TCP4 192.0.2.7 10.0.0.1 4711 443, 192.0.2.7 443",
    "TCP4 255.255.255.255 255.255.255.255 65535 65535, 255.255.255.255 65535",
    "TCP6 2001:db8::7 ::1 0 80, 2001:db8::7 80",
    "UNKNOWN, -",
    "UNKNOWN whatever is here counts not, -",
  })
  void aLineIsRead(String line, String read) {
    assertThat(text("PROXY " + line + "\r\n")).isEqualTo(read);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n",
        "proxy TCP4 192.0.2.7 10.0.0.1 1 2\r\n",
        "PROXY  TCP4 192.0.2.7 10.0.0.1 1 2\r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 1 2\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 1 2 \r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 1\r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 01 2\r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 1 65536\r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 -1 2\r\n",
        "PROXY TCP4 192.0.2.007 10.0.0.1 1 2\r\n",
        "PROXY TCP4 192.0.2.7 x 1 2\r\n",
        "PROXY TCP4 2001:db8::7 ::1 1 2\r\n",
        "PROXY TCP6 192.0.2.7 10.0.0.1 1 2\r\n",
        "PROXY UDP4 192.0.2.7 10.0.0.1 1 2\r\n",
        "PROXY \r\n",
        "PROXY\r\n",
        "\r\nPROXY UNKNOWN\r\n",
        "\r\n\r\n\0\r\nQUIX\n"
      })
  void anotherLineIsRefused(String line) {
    assertThat(text(line)).isEqualTo("refused");
  }

  @Test
  void aLineIsBounded() {
    int spare = ProxyHeader.V1_BYTES_MAX - "PROXY UNKNOWN \r\n".length();
    assertThat(text("PROXY UNKNOWN " + "x".repeat(spare) + "\r\n")).isEqualTo("-");
    assertThat(text("PROXY UNKNOWN " + "x".repeat(spare + 1) + "\r\n")).isEqualTo("refused");
    assertThat(text("PROXY UNKNOWN " + "x".repeat(9_000))).isEqualTo("refused");
  }

  @Test
  void addressesOfVersion2AreReadAndExtensionsPassedOver() {
    assertThat(binary("2111", TCP4)).isEqualTo("192.0.2.7 443");
    assertThat(binary("2121", TCP6)).isEqualTo("2001:db8::7 443");
    assertThat(binary("2111", TCP4 + "04 0003 000000 20 FFFF")).isEqualTo("192.0.2.7 443");
    int rest = ProxyHeader.V2_LENGTH_MAX - 12;
    assertThat(binary("2111", TCP4 + "0A".repeat(rest))).isEqualTo("192.0.2.7 443");
    assertThat(binary("2111", TCP4 + "0A".repeat(rest + 1))).isEqualTo("refused");
  }

  @Test
  void whoeverSpeaksForItselfNamesNoClient() {
    for (String family : new String[] {"00", "11", "21", "31", "FF"}) {
      assertThat(binary("20" + family, "")).isEqualTo("-");
      assertThat(binary("20" + family, TCP4)).isEqualTo("-");
    }
    assertThat(binary("2100", "")).isEqualTo("-");
    assertThat(binary("2100", "01 02 03")).isEqualTo("-");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1111", "3111", "2211", "0011", "2112", "2122", "2131", "2101", "21FF"})
  void anotherVersionCommandOrFamilyIsRefused(String commandAndFamily) {
    assertThat(binary(commandAndFamily, TCP6)).isEqualTo("refused");
  }

  @Test
  void addressesThatAreCutAreRefused() {
    assertThat(binary("2111", TCP4.substring(2))).isEqualTo("refused");
    assertThat(binary("2121", TCP6.substring(2))).isEqualTo("refused");
    assertThat(binary("2121", TCP4)).isEqualTo("refused");
  }

  @Test
  void whateverComesNothingIsThrown() {
    Random random = new Random(3);
    byte[] good = HexFormat.of().parseHex(SIGNATURE + "2111000C" + TCP4.replace(" ", ""));
    byte[] line = "PROXY TCP4 192.0.2.7 10.0.0.1 4711 443\r\n".getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < 5_000; i++) {
      byte[] bytes = (random.nextBoolean() ? good : line).clone();
      for (int n = random.nextInt(4); n > 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      ByteBuf in = Unpooled.wrappedBuffer(bytes, 0, random.nextInt(bytes.length + 1));
      assertThat(new ProxyHeader().feed(in)).isNotNull();
    }
  }
}
