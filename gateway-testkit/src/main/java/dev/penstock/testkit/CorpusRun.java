package dev.penstock.testkit;

import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Plays raw cases against a gateway that has one route to {@link #backend()} for every host and
 * path, and judges them. One case at a time.
 */
public final class CorpusRun implements AutoCloseable {
  /** How the bytes of a case travel. */
  public enum Cut {
    /** As the case gives them. */
    AS_GIVEN,
    /** Every byte in a segment (over TLS: a record) of its own. */
    SINGLE_BYTES
  }

  /** Opens the connection that a case is sent on. */
  @FunctionalInterface
  public interface Connect {
    RawClient connect() throws IOException;
  }

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  /** A gateway that has said nothing so long after the last byte hangs. */
  private static final Duration PATIENCE = Duration.ofMillis(700);

  /** What the gateway sends on after it answered must be in the recording too. */
  private static final Duration SETTLE = Duration.ofMillis(150);

  private final Origin backend = Origin.playing(CorpusRun::recordNaively);

  /** Answers each complete request; an unreadable one is recorded to its end, never answered. */
  private static void recordNaively(OriginConnection connection) throws IOException {
    try {
      while (true) {
        connection.readRequest();
        connection.send(OK);
      }
    } catch (ProtocolException unreadable) {
      connection.drain();
    }
  }

  /** The recording backend. */
  public Origin backend() {
    return backend;
  }

  /** Sends the case on a fresh connection and judges what became of it. */
  public Judge.Judgement play(RawCase rawCase, Connect connect, Cut cut) throws IOException {
    backend.clear();
    Judge.ClientSide client;
    try (RawClient connection = connect.connect()) {
      send(rawCase, connection, cut);
      client = listen(rawCase, connection.patience(PATIENCE));
      Await.quietTime(SETTLE);
    }
    List<byte[]> upstream = new ArrayList<>();
    for (OriginConnection connection : backend.connections()) {
      byte[] bytes = connection.recording().bytes();
      if (bytes.length > 0) upstream.add(bytes);
    }
    return Judge.judge(rawCase, client, upstream);
  }

  private static void send(RawCase rawCase, RawClient connection, Cut cut) {
    try {
      for (RawCase.Segment segment : rawCase.segments()) {
        byte[] bytes = repeated(segment);
        if (cut == Cut.SINGLE_BYTES) connection.sendByteByByte(bytes);
        else connection.send(bytes);
        Await.quietTime(Duration.ofMillis(segment.delayMillis()));
      }
    } catch (IOException closedByGateway) {
      // a refusal in the midst of the bytes: what the client reads now decides
    }
  }

  private static byte[] repeated(RawCase.Segment segment) {
    byte[] bytes = new byte[segment.bytes().length * segment.repeat()];
    for (int i = 0; i < bytes.length; i++) bytes[i] = segment.bytes()[i % segment.bytes().length];
    return bytes;
  }

  private static Judge.ClientSide listen(RawCase rawCase, RawClient connection) throws IOException {
    List<Integer> statuses = new ArrayList<>();
    try {
      while (statuses.size() < rawCase.requestCountMax()) {
        Optional<RawResponse> response = connection.tryRead("GET");
        if (response.isEmpty()) return new Judge.ClientSide(statuses, true);
        if (!response.get().isInterim()) statuses.add(response.get().status());
        if (response.get().status() >= 400) break;
      }
    } catch (SocketTimeoutException silent) {
      // what has come so far is judged
    }
    return new Judge.ClientSide(statuses, false);
  }

  @Override
  public void close() {
    backend.close();
  }
}
