package dev.penstock.core.upstream;

import dev.penstock.model.Endpoint;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * An endpoint made ready for dialling. Immutable, shared by all loops.
 *
 * @param endpoint as the controller gave it
 * @param address resolved: {@link Endpoint} holds an address, never a name
 * @param text {@code address:port}, made once for log lines
 */
public record UpstreamEndpoint(Endpoint endpoint, InetSocketAddress address, String text) {
  /**
   * @throws IllegalArgumentException when the address is a name
   */
  public static UpstreamEndpoint of(Endpoint endpoint) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(endpoint.address());
    if (bytes == null) {
      throw new IllegalArgumentException(
          "endpoint address must be an IP address, was '" + endpoint.address() + "'");
    }
    try {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getByAddress(bytes), endpoint.port());
      return new UpstreamEndpoint(endpoint, address, endpoint.toString());
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("4 or 16 bytes are an address", impossible);
    }
  }
}
