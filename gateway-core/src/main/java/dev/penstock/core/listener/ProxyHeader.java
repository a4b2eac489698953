package dev.penstock.core.listener;

import dev.penstock.core.http1.IpAddress;
import dev.penstock.core.http1.Progress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.NetUtil;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header of the PROXY protocol, version 1 or 2: what a load balancer that passes on bytes
 * says of its client before the first of them. Strict, and the same however the bytes were cut; not
 * one byte behind the header is used.
 *
 * <p>Source: haproxy.org, {@code proxy-protocol.txt}. Extensions (TLVs) of version 2 are passed
 * over. Once for each connection, so it may allocate.
 */
final class ProxyHeader {
  /** As the protocol says. */
  static final int V1_BYTES_MAX = 107;

  /** Addresses and extensions; honest ones have 12 to 600 bytes. */
  static final int V2_LENGTH_MAX = 4096;

  private static final byte[] V1 = "PROXY ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] V2 = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};
  private static final int V2_HEAD_BYTES = 16;
  private static final int LOCAL = 0x20;
  private static final int PROXY = 0x21;
  private static final int UNSPECIFIED = 0x00;
  private static final int TCP4 = 0x11;
  private static final int TCP6 = 0x21;
  private static final int PORTS_BYTES = 4;
  private static final Pattern PORT = Pattern.compile("0|[1-9][0-9]{0,4}");
  private static final int PORT_MAX = 65_535;

  private byte @Nullable [] clientAddress;
  private int publicPort;

  /**
   * The client's address as text; null when the load balancer speaks for itself (a check of health)
   * or does not know.
   */
  byte @Nullable [] clientAddress() {
    return clientAddress;
  }

  /** The port that the client connected to; only with an address. */
  int publicPort() {
    return publicPort;
  }

  /** Reads the header once all of it is there; then, and only then, its bytes are used. */
  Progress feed(ByteBuf in) {
    if (!in.isReadable()) return Progress.MORE;
    boolean isV2 = in.getByte(in.readerIndex()) == V2[0];
    if (!begins(in, isV2 ? V2 : V1)) return Progress.REFUSED;
    return isV2 ? readV2(in) : readV1(in);
  }

  private static boolean begins(ByteBuf in, byte[] signature) {
    int there = Math.min(in.readableBytes(), signature.length);
    for (int i = 0; i < there; i++) {
      if (in.getByte(in.readerIndex() + i) != signature[i]) return false;
    }
    return true;
  }

  private Progress readV1(ByteBuf in) {
    int from = in.readerIndex();
    int end = in.indexOf(from, from + Math.min(in.readableBytes(), V1_BYTES_MAX), (byte) '\n');
    if (end < 0) return in.readableBytes() < V1_BYTES_MAX ? Progress.MORE : Progress.REFUSED;
    String line = in.readString(end - from, StandardCharsets.ISO_8859_1);
    in.skipBytes(1);
    if (!line.endsWith("\r")) return Progress.REFUSED;
    String[] words = line.substring(0, line.length() - 1).split(" ", -1);
    if (words[1].equals("UNKNOWN")) return Progress.DONE;
    boolean isTcp4 = words[1].equals("TCP4");
    boolean isKnown = words.length == 6 && (isTcp4 || words[1].equals("TCP6"));
    if (!isKnown || !isAddress(words[2], isTcp4) || !isAddress(words[3], isTcp4)) {
      return Progress.REFUSED;
    }
    if (!isPort(words[4]) || !isPort(words[5])) return Progress.REFUSED;
    clientAddress = words[2].getBytes(StandardCharsets.US_ASCII);
    publicPort = Integer.parseInt(words[5]);
    return Progress.DONE;
  }

  private static boolean isAddress(String text, boolean ofIpv4) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return text.contains(":") != ofIpv4 && new IpAddress().read(bytes, 0, bytes.length);
  }

  private static boolean isPort(String text) {
    return PORT.matcher(text).matches() && Integer.parseInt(text) <= PORT_MAX;
  }

  private Progress readV2(ByteBuf in) {
    int from = in.readerIndex();
    int there = in.readableBytes();
    if (there <= V2.length) return Progress.MORE;
    int command = in.getUnsignedByte(from + V2.length);
    if (command != LOCAL && command != PROXY) return Progress.REFUSED;
    if (there < V2_HEAD_BYTES) return Progress.MORE;
    int length = in.getUnsignedShort(from + V2.length + 2);
    int addressBytes = addressBytes(command, in.getUnsignedByte(from + V2.length + 1));
    int needed = addressBytes == 0 ? 0 : 2 * addressBytes + PORTS_BYTES;
    if (addressBytes < 0 || length < needed || length > V2_LENGTH_MAX) return Progress.REFUSED;
    if (there < V2_HEAD_BYTES + length) return Progress.MORE;
    if (addressBytes > 0) {
      byte[] address = ByteBufUtil.getBytes(in, from + V2_HEAD_BYTES, addressBytes);
      clientAddress = NetUtil.bytesToIpAddress(address).getBytes(StandardCharsets.US_ASCII);
      publicPort = in.getUnsignedShort(from + V2_HEAD_BYTES + needed - 2);
    }
    in.skipBytes(V2_HEAD_BYTES + length);
    return Progress.DONE;
  }

  /** Of one address; 0 = there is none, -1 = nothing that a TCP connection can have. */
  private static int addressBytes(int command, int family) {
    if (command == LOCAL || family == UNSPECIFIED) return 0;
    return family == TCP4 ? 4 : family == TCP6 ? 16 : -1;
  }
}
