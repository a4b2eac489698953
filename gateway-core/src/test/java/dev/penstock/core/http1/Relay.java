package dev.penstock.core.http1;

import dev.penstock.model.Settings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** The least of a gateway: one client, one backend, no answers. */
final class Relay {
  private final ByteBuf backend = Unpooled.buffer();
  private final RequestHead head;
  private final BodyDecoder body;
  private final Identity identity =
      new Identity(Cuts.bytes("127.0.0.1"), Cuts.bytes("http"), Cuts.bytes("80"));
  private @Nullable Refusal refusal;
  private boolean inBody;
  private boolean first;
  private int complete;

  Relay(Settings.Limits limits) {
    head = new RequestHead(limits);
    body = new BodyDecoder(limits);
  }

  /** What the backend got so far. */
  ByteBuf backend() {
    return backend;
  }

  /** Why the client's connection ended, or null. */
  @Nullable Refusal refusal() {
    return refusal;
  }

  /** Requests that were sent to their end. */
  int complete() {
    return complete;
  }

  /** Whether a message has begun and not ended. */
  boolean isInMessage() {
    return inBody || !head.isEmpty();
  }

  void read(ByteBuf in) {
    while (in.isReadable() && refusal == null) {
      Progress progress = inBody ? body.decode(in, this::send) : head.feed(in);
      if (progress == Progress.REFUSED) {
        refusal = inBody ? body.refusal() : head.refusal();
      } else if (progress == Progress.DONE && inBody) {
        endBody();
      } else if (progress == Progress.DONE) {
        startBody();
      }
    }
  }

  private void startBody() {
    RequestEncoder.encode(backend, head, identity);
    body.start(head.framing(), head.contentLength());
    first = true;
    inBody = true;
    if (body.isDone()) {
      endBody();
    }
  }

  private void endBody() {
    if (body.framing() == Framing.CHUNKED) {
      Chunks.last(backend, first, null);
    }
    inBody = false;
    complete++;
    head.reset();
  }

  private void send(ByteBuf data) {
    if (body.framing() == Framing.CHUNKED) {
      Chunks.header(backend, data.readableBytes(), first);
      first = false;
    }
    backend.writeBytes(data);
    data.release();
  }
}
