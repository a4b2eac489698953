package dev.penstock.configmap;

import java.util.List;

/** What a client may send, and how long it may take. */
final class ClientLimitKeys {
  private ClientLimitKeys() {}

  static final List<Key> ALL =
      List.of(
          new Key.Waiting(
              "client-header-buffer-size",
              Syntax.SIZE_BYTES,
              "1k",
              "sets the first buffer for a request head; heads have one buffer here"),
          new Key.Acting<>(
              "client-header-timeout",
              Syntax.SECONDS,
              "60",
              Draft::headTime,
              "bounds the time for a whole request head"),
          new Key.Waiting(
              "client-body-buffer-size",
              Syntax.SIZE_BYTES,
              "8k",
              "sets the memory for a body before it goes to disk; bodies are streamed here"),
          new Key.Waiting(
              "client-body-timeout",
              Syntax.SECONDS,
              "60",
              "bounds the time between two reads of a body; a least rate is in force here"),
          new Key.Acting<>(
              "large-client-header-buffers",
              HeadBuffers.SYNTAX,
              "4 8k",
              Draft::headBuffers,
              "bounds the request line, over it 414, and the whole head, over it 431"),
          new Key.Acting<>(
              "keep-alive-requests",
              Syntax.number(1, Integer.MAX_VALUE),
              "1000",
              Draft::keepAliveRequestsMax,
              "bounds the requests over one client connection"),
          new Key.Acting<>(
              "keep-alive",
              Syntax.COUNT,
              "75",
              Draft::keepAliveSeconds,
              "says for how many seconds an idle client connection is kept; 0 = none is kept"),
          new Key.Waiting(
              "http2-max-concurrent-streams",
              Syntax.number(1, Integer.MAX_VALUE),
              "128",
              "bounds the parallel HTTP/2 streams of a connection"),
          new Key.Waiting(
              "use-http2", Syntax.BOOL, "true", "false", "offers HTTP/2 on TLS listeners"),
          new Key.Waiting(
              "limit-rate", Syntax.COUNT, "0", "bounds the bytes of an answer each second"),
          new Key.Waiting(
              "limit-rate-after",
              Syntax.COUNT,
              "0",
              "says after how many bytes of an answer its rate is bounded"),
          new Key.Waiting(
              "limit-conn-zone-variable",
              Syntax.LINE,
              "$binary_remote_addr",
              "says by what connections are counted"),
          new Key.Waiting(
              "limit-req-status-code",
              Syntax.number(400, 599),
              "503",
              "sets the status of a request over its rate"),
          new Key.Waiting(
              "limit-conn-status-code",
              Syntax.number(400, 599),
              "503",
              "sets the status of a connection over its limit"));
}
