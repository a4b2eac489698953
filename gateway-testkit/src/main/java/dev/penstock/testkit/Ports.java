package dev.penstock.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Local ports for tests. */
public final class Ports {
  private Ports() {}

  /** A port of 127.0.0.1 on which nobody listens at this moment: connecting to it is refused. */
  public static int closed() {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(loopback(), 0));
      return socket.getLocalPort();
    } catch (IOException noPort) {
      throw new UncheckedIOException("no free port", noPort);
    }
  }

  /** 127.0.0.1, whatever the machine calls itself. */
  public static InetAddress loopback() {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    } catch (IOException impossible) {
      throw new UncheckedIOException("four bytes are an address", impossible);
    }
  }
}
