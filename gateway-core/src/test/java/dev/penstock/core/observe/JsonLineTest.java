package dev.penstock.core.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonLineTest {
  private static final ObjectMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  @Test
  void aFullExchangeIsThisLine() {
    assertThat(LogLines.json(Samples.full()))
        .isEqualTo(
            "{\"@timestamp\":\"2026-11-22T17:33:01.334Z\",\"event.duration\":1234567890,"
                + "\"client.address\":\"192.0.2.7\",\"user.name\":\"ann\",\"url.scheme\":\"https\","
                + "\"url.domain\":\"shop.test\",\"http.request.method\":\"POST\","
                + "\"url.original\":\"/cart?item=1\",\"http.version\":\"1.1\","
                + "\"http.request.id\":\"0123456789abcdef0123456789abcdef\","
                + "\"http.request.bytes\":321,\"http.request.referrer\":\"https://shop.test/\","
                + "\"user_agent.original\":\"curl/8.5.0\",\"http.response.status_code\":201,"
                + "\"http.response.body.bytes\":42,\"http.response.bytes\":199,"
                + "\"penstock.response_flags\":\"UF\",\"penstock.route\":\"shop.test/cart\","
                + "\"penstock.namespace\":\"shop\",\"penstock.ingress\":\"front\","
                + "\"penstock.service\":\"web\",\"penstock.service_port\":\"http\","
                + "\"penstock.upstream\":\"shop-web-http\","
                + "\"penstock.alternative_upstream\":\"shop-canary-http\","
                + "\"penstock.attempts\":[{\"endpoint\":\"10.0.0.1:8080\",\"status\":502,"
                + "\"response_bytes\":0,\"connect_ns\":null,\"head_ns\":null,\"end_ns\":3000000},"
                + "{\"endpoint\":\"10.0.0.2:8080\",\"status\":201,\"response_bytes\":42,"
                + "\"connect_ns\":1000000,\"head_ns\":897000000,\"end_ns\":1200000000}]}");
  }

  @Test
  void theKeysAreTheSameAndInOrderWhateverIsKnown() throws JsonProcessingException {
    for (ExchangeRecord record : List.of(Samples.full(), Samples.bare())) {
      List<String> keys = new ArrayList<>();
      STRICT.readTree(LogLines.json(record)).fieldNames().forEachRemaining(keys::add);
      assertThat(keys).isEqualTo(JsonLine.KEYS);
    }
    List<String> keys = new ArrayList<>();
    STRICT
        .readTree(LogLines.json(Samples.full()))
        .get("penstock.attempts")
        .get(0)
        .fieldNames()
        .forEachRemaining(keys::add);
    assertThat(keys).isEqualTo(JsonLine.ATTEMPT_KEYS);
  }

  @Test
  void anyBytesGiveOnePrintableLineOfValidJson() throws JsonProcessingException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      ExchangeRecord record = i % 2 == 0 ? Samples.full() : Samples.bare();
      byte[] agent = hostile(random);
      record.userAgent.set(agent);
      record.referer.set(hostile(random));
      record.requestLine.set(hostile(random));
      record.host.set(hostile(random));
      record.remoteUser.set(hostile(random));
      String line = LogLines.json(record);
      assertThat(line).as("seed %d, line %d", seed, i).matches("[ -~]+");
      JsonNode json = STRICT.readTree(line);
      String value = json.get("user_agent.original").textValue();
      assertThat(new String(agent, StandardCharsets.ISO_8859_1)).startsWith(value);
    }
  }

  private static byte[] hostile(Random random) {
    byte[] bytes = new byte[random.nextInt(random.nextInt(50) == 0 ? 3000 : 60)];
    random.nextBytes(bytes);
    String nasty = "\"\\\n\r\u001b[2J \u00e2\u0080\u00a8,{}";
    for (int i = 0; i < bytes.length; i++) {
      if (random.nextInt(3) == 0) bytes[i] = (byte) nasty.charAt(random.nextInt(nasty.length()));
    }
    return bytes;
  }

  @Test
  void allFieldsAtTheirLongestStillFitALine() throws JsonProcessingException {
    String longest = "\u0001".repeat(5000);
    byte[] bytes = Samples.bytes(longest);
    ExchangeRecord record = Samples.full();
    for (ByteSpan span :
        List.of(record.remoteAddress, record.remoteUser, record.host, record.referer)) {
      span.set(bytes);
    }
    for (ByteSpan span : List.of(record.userAgent, record.requestId, record.alternativeUpstream)) {
      span.set(bytes);
    }
    record.requestLine.set(Samples.bytes(longest + " " + longest + " " + longest));
    record.requestLength = record.bytesSent = record.bodyBytesSent = Long.MAX_VALUE;
    record.route =
        new RouteIdentity(
            new RouteIdentity.Names(longest, longest, longest, longest, longest, longest, longest));
    for (int i = 0; i < 12; i++) {
      Attempt attempt = record.beginAttempt("e".repeat(5000), 0);
      attempt.responseLength = Long.MAX_VALUE;
      attempt.status = 999;
      attempt.connectNanos = attempt.headNanos = attempt.endNanos = Long.MAX_VALUE;
    }
    String line = LogLines.json(record);
    assertThat(line).hasSizeLessThan(LineBuffer.LINE_MAX - 1);
    JsonNode json = STRICT.readTree(line);
    assertThat(json.get("penstock.attempts")).hasSize(ExchangeRecord.ATTEMPTS_MAX);
    assertThat(json.get("penstock.alternative_upstream").textValue()).hasSizeGreaterThan(300);
  }
}
