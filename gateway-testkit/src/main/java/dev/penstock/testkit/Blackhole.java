package dev.penstock.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/**
 * A port of 127.0.0.1 that neither accepts nor refuses: its queue of waiting connections is full,
 * so that the kernel drops every further SYN and connecting runs into the caller's own timeout.
 */
public final class Blackhole implements AutoCloseable {
  private static final int FILL_TIMEOUT_MILLIS = 200;
  private static final int FILL_MAX = 64;

  private final ServerSocket listener;
  private final List<Socket> fillers = new ArrayList<>();

  private Blackhole(ServerSocket listener) {
    this.listener = listener;
  }

  public static Blackhole open() {
    try {
      ServerSocket listener = new ServerSocket();
      listener.bind(new InetSocketAddress(Ports.loopback(), 0), 1);
      Blackhole blackhole = new Blackhole(listener);
      blackhole.fill();
      return blackhole;
    } catch (IOException unable) {
      throw new UncheckedIOException("no blackhole", unable);
    }
  }

  private void fill() throws IOException {
    for (int i = 0; i < FILL_MAX; i++) {
      Socket filler = new Socket();
      fillers.add(filler);
      try {
        filler.connect(listener.getLocalSocketAddress(), FILL_TIMEOUT_MILLIS);
      } catch (SocketTimeoutException full) {
        return;
      }
    }
    throw new IOException("the queue of waiting connections never filled");
  }

  public int port() {
    return listener.getLocalPort();
  }

  @Override
  public void close() {
    try {
      for (Socket filler : fillers) filler.close();
      listener.close();
    } catch (IOException unable) {
      throw new UncheckedIOException("the blackhole does not close", unable);
    }
  }
}
