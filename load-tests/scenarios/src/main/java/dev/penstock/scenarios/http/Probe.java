package dev.penstock.scenarios.http;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Asks one question after another over one kept connection; blocks, best on a virtual thread. */
public final class Probe implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final InetSocketAddress target;
  private byte[] bytes = new byte[4096];
  private @Nullable Socket socket;

  /**
   * @param port of 127.0.0.1
   */
  public Probe(int port) {
    this.target = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
  }

  /**
   * The answer to a GET.
   *
   * @throws IOException when there is none
   */
  public Answer get(String host, String path) throws IOException {
    return ask(Question.get(host, path));
  }

  /** Sends the request and waits for its answer. */
  public Answer ask(byte[] request) throws IOException {
    Socket open = socket == null ? open() : socket;
    boolean kept = false;
    try {
      open.getOutputStream().write(request);
      Answer answer = read(open);
      kept = !answer.closes();
      return answer;
    } finally {
      if (!kept) close();
    }
  }

  private Answer read(Socket open) throws IOException {
    int length = 0;
    while (true) {
      if (length == bytes.length) bytes = Arrays.copyOf(bytes, 2 * length);
      int count = open.getInputStream().read(bytes, length, bytes.length - length);
      if (count < 0) throw new EOFException("closed after " + length + " bytes of an answer");
      length += count;
      Answer answer = Answer.in(bytes, length);
      if (answer != null) return answer;
    }
  }

  private Socket open() throws IOException {
    Socket opened = new Socket();
    socket = opened;
    opened.setTcpNoDelay(true);
    opened.setSoTimeout((int) PATIENCE.toMillis());
    opened.connect(target, (int) PATIENCE.toMillis());
    return opened;
  }

  @Override
  public void close() throws IOException {
    Socket open = socket;
    socket = null;
    if (open != null) open.close();
  }
}
