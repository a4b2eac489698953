package dev.penstock.scenarios.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** A WebSocket to a backend that echoes; frames are masked texts below 126 bytes (RFC 6455). */
public final class WebSocket implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int HEAD_BYTES_MAX = 8192;
  private static final byte[] MASK = {1, 2, 3, 4};

  private final Socket socket;

  /**
   * Connects and switches over.
   *
   * @param port of 127.0.0.1
   */
  public WebSocket(int port, String host) throws IOException {
    socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) PATIENCE.toMillis());
    String request =
        "GET /ws HTTP/1.1\r\nHost: "
            + host
            + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    byte[] head = new byte[HEAD_BYTES_MAX];
    int length = 0;
    while (Answer.headEnd(head, length) < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) throw new IOException("closed instead of switched over");
      head[length++] = (byte) next;
    }
    String answer = new String(head, 0, length, StandardCharsets.ISO_8859_1);
    if (!answer.startsWith("HTTP/1.1 101 ")) throw new IOException("no WebSocket: " + answer);
  }

  /**
   * Sends a text and waits until it has come back.
   *
   * @param text ASCII, below 126 characters
   */
  public void echo(String text) throws IOException {
    byte[] payload = text.getBytes(StandardCharsets.US_ASCII);
    byte[] frame = new byte[6 + payload.length];
    frame[0] = (byte) 0x81;
    frame[1] = (byte) (0x80 | payload.length);
    System.arraycopy(MASK, 0, frame, 2, MASK.length);
    for (int i = 0; i < payload.length; i++) frame[6 + i] = (byte) (payload[i] ^ MASK[i % 4]);
    socket.getOutputStream().write(frame);
    byte[] back = socket.getInputStream().readNBytes(frame.length);
    if (!Arrays.equals(back, frame)) {
      throw new IOException(back.length + " bytes came back, not the " + frame.length + " sent");
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
