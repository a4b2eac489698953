package dev.penstock.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One connection to an {@link Origin}, as its script sees it. Scripts run on a virtual thread of
 * their own and may block; reading fails with an {@link EOFException} when the peer is gone, which
 * is a script's normal end. Only the script's thread reads and writes; {@link #recording()} and
 * {@link #index()} are open to all.
 */
public final class OriginConnection {
  /** RFC 6455 §1.3: what the server adds to the key of the client. */
  private static final String WEBSOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final int index;
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final Recording recording;
  private final Consumer<SeenRequest> seen;
  private final CountDownLatch closed = new CountDownLatch(1);

  OriginConnection(int index, Socket socket, Recording recording, Consumer<SeenRequest> seen)
      throws IOException {
    this.index = index;
    this.socket = socket;
    this.recording = recording;
    this.seen = seen;
    this.in = new BufferedInputStream(new RecordedStream(socket.getInputStream(), recording));
    this.out = socket.getOutputStream();
    socket.setTcpNoDelay(true);
  }

  /** Bounds what the kernel takes of what is sent; twice that much, as it counts. */
  public void sendBuffer(int bytes) throws IOException {
    socket.setSendBufferSize(bytes);
  }

  /** 0 for the first connection that the origin accepted. */
  public int index() {
    return index;
  }

  /** What the peer sent, as far as the script has read it. */
  public Recording recording() {
    return recording;
  }

  /** Reads a head; the request's body is still to come and empty here. */
  public SeenRequest readHead() throws IOException {
    List<String> lines = Wire.readHead(in).lines().toList();
    String[] words = lines.getFirst().split(" ", -1);
    if (words.length != 3) throw new SocketException("request line '" + lines.getFirst() + "'");
    List<Field> fields = Wire.fields(lines.subList(1, lines.size()));
    return new SeenRequest(words[0], words[1], words[2], fields, new byte[0], List.of());
  }

  /** Reads the body of the request whose head was read; gives back the whole request. */
  public SeenRequest readBody(SeenRequest head) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    List<Field> trailers = new ArrayList<>();
    if (Wire.isChunked(head.fields())) {
      Wire.readChunked(in, body, trailers);
    } else {
      Wire.readExactly(in, Math.max(0, Wire.contentLength(head.fields())), body);
    }
    SeenRequest request =
        new SeenRequest(
            head.method(),
            head.target(),
            head.version(),
            head.fields(),
            body.toByteArray(),
            trailers);
    seen.accept(request);
    return request;
  }

  /** Reads a whole request. It appears among {@link Origin#requests()} when it is complete. */
  public SeenRequest readRequest() throws IOException {
    return readBody(readHead());
  }

  /** Reads what is there, at least one byte and at most {@code max}. */
  public byte[] readSome(int max) throws IOException {
    byte[] buffer = new byte[max];
    int n = in.read(buffer);
    if (n < 0) throw new EOFException();
    return Arrays.copyOf(buffer, n);
  }

  /** Reads and throws away until the peer ends. */
  public void drain() throws IOException {
    byte[] buffer = new byte[64 * 1024];
    while (in.read(buffer) >= 0) {
      // the recording has it
    }
  }

  /** Reads and throws away so many bytes each second until the peer ends. */
  public void drainAtRate(int bytesPerSecond) throws IOException {
    Pace pace = new Pace(bytesPerSecond);
    byte[] buffer = new byte[pace.sliceBytes()];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) pause(pace.afterBytes(n));
  }

  public void send(String text) throws IOException {
    send(Wire.bytes(text));
  }

  /** Sends at once; blocks while the peer does not read. */
  public void send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /** Sends every byte in a segment of its own, with a pause behind it. */
  public void sendByteByByte(String text, Duration pause) throws IOException {
    for (byte b : Wire.bytes(text)) {
      out.write(b);
      out.flush();
      if (!pause.isZero()) pause(pause);
    }
  }

  /** Answers a WebSocket handshake with the 101 that belongs to it. */
  public void acceptWebSocket(SeenRequest request) throws IOException {
    send(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Accept: "
            + acceptKey(request.value("sec-websocket-key"))
            + "\r\n\r\n");
  }

  /** The {@code Sec-WebSocket-Accept} that belongs to a {@code Sec-WebSocket-Key}. */
  public static String acceptKey(String key) {
    try {
      byte[] text = (key + WEBSOCKET_GUID).getBytes(StandardCharsets.ISO_8859_1);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-1", impossible);
    }
  }

  /** Sends back what comes until the peer ends. */
  public void echo() throws IOException {
    while (true) send(readSome(64 * 1024));
  }

  /** Lets time pass; fails at once when the origin is closed meanwhile. */
  public void pause(Duration time) throws IOException {
    try {
      if (closed.await(time.toNanos(), TimeUnit.NANOSECONDS)) throw new EOFException();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new EOFException();
    }
  }

  /** Neither reads nor writes until the origin is closed. */
  public void hold() throws IOException {
    pause(Duration.ofDays(1));
  }

  /** Ends our side in good order (FIN); reading goes on. */
  public void finish() throws IOException {
    socket.shutdownOutput();
  }

  /** Tears the connection down (RST). */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    close();
  }

  /** Whether our side has been closed, as it is when the script has ended. */
  boolean isClosed() {
    return closed.getCount() == 0;
  }

  /** Closes both ways. Unread bytes of the peer make the kernel send RST in place of FIN. */
  public void close() throws IOException {
    closed.countDown();
    socket.close();
  }

  private static final class RecordedStream extends FilterInputStream {
    private final Recording recording;

    RecordedStream(InputStream in, Recording recording) {
      super(in);
      this.recording = recording;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n;
      try {
        n = in.read(bytes, offset, length);
      } catch (SocketException torn) {
        recording.end(Recording.End.RST);
        throw torn;
      }
      if (n < 0) recording.end(Recording.End.FIN);
      else recording.add(bytes, offset, n);
      return n;
    }
  }
}
