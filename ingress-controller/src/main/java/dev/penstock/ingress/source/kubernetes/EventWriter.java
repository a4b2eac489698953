package dev.penstock.ingress.source.kubernetes;

import dev.penstock.ingress.source.ApiJson;
import dev.penstock.ingress.source.ApiKind;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.model.Diagnostic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what is wrong with objects as Events on them, while this replica leads.
 *
 * <p>A diagnostic that stands for {@link #SETTLED_AFTER} becomes one Event, whose name follows from
 * what it says, so that no replica and no restart makes a second one. While it stands the Event is
 * written again, as a series, every {@link #REWRITE_EVERY_MIN}: the API server forgets it after an
 * hour. When it is gone nothing is written; one that goes and comes is not written more often. Nor
 * is one of an earlier leader: what that has counted is read, and its next one is due as if it was
 * written now.
 *
 * <p>By {@code events.k8s.io/v1}, which core/v1 shows as well ({@code kubectl describe} and {@code
 * kubectl get events} do): the server checks it, and a series is a field of its own. The object's
 * uid is part of it, because {@code kubectl describe} looks Events up by it.
 *
 * <p>Nobody waits for an Event: one request at a time, of a token bucket. One object may take so
 * much of it and no more, what is remembered is shared among the namespaces, and of those where one
 * is due that one has its turn which had it the longest ago, so that a tenant's faults neither hide
 * nor hold up those of others.
 */
final class EventWriter {
  /** What is applied file by file is incomplete for a moment, which is no fault. */
  static final Duration SETTLED_AFTER = Duration.ofSeconds(2);

  /** One Event at most so often. 2,000 of them are two writes a second. */
  static final Duration REWRITE_EVERY_MIN = Duration.ofMinutes(15);

  /** Added at random to that of Events of an earlier leader, all of which are found at once. */
  private static final Duration FOUND_SPREAD = Duration.ofMinutes(5);

  /**
   * Changes nothing and is answered with the object: who may patch an Event need not have the right
   * to read it.
   */
  private static final String NO_CHANGE = "{}";

  /**
   * Events that are remembered, about 1.5 KB each, of each namespace its share; what is beyond
   * stands in the log alone.
   */
  static final int REMEMBERED_MAX = 2_000;

  /** Of these, on one object. */
  static final int OF_AN_OBJECT_MAX = 20;

  /** A token comes so often. */
  static final Duration WRITE_EVERY = Duration.ofMillis(200);

  /** Tokens that are kept: so many Events are written at once. */
  static final int WRITES_AT_ONCE_MAX = 25;

  /** What was refused for itself, or forbidden, is tried again: rights change. */
  static final Duration REFUSED_AGAIN_AFTER = Duration.ofMinutes(5);

  /** Changes that come together are looked at together. */
  private static final Duration LOOK_AFTER = Duration.ofSeconds(1);

  private static final Duration SPENT_MAX = WRITE_EVERY.multipliedBy(WRITES_AT_ONCE_MAX - 1);

  /** However long the server asks to be left alone. */
  private static final Duration RETRY_AFTER_MAX = Duration.ofSeconds(10);

  /** The API's bound. */
  private static final int NOTE_BYTES_MAX = 1024;

  /** A name holds 253; the rest is for the digest. */
  private static final int NAME_CHARS_MAX = 200;

  private static final String CONTROLLER = "penstock.dev/ingress-controller";

  /** Of a 403 that is no matter of rights; {@code NamespaceTerminatingCause} of the Go API. */
  private static final String TERMINATING = "NamespaceTerminating";

  private static final int NOT_KNOWN = 0;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int TOO_MANY = 429;
  private static final Logger LOG = LoggerFactory.getLogger(EventWriter.class);

  /** What an Event says, and of what. */
  private record Complaint(ApiReference object, String type, String reason, String note) {
    static Complaint of(ApiReference object, Diagnostic found) {
      String field = found.field().isEmpty() ? "" : found.field() + ": ";
      return new Complaint(
          object,
          found.level() == Diagnostic.Level.INFO ? "Normal" : "Warning",
          found.reason().text(),
          cut(field + found.message()));
    }

    /** The same for equal complaints, and no other. */
    String name() {
      UUID digest = UUID.nameUUIDFromBytes(toString().getBytes(StandardCharsets.UTF_8));
      String name = object.name();
      String start = name.substring(0, Math.min(name.length(), NAME_CHARS_MAX));
      return start.replaceFirst("[-.]+$", "") + "." + digest;
    }
  }

  /** What is known of an Event. */
  private static final class Said {
    long dueNanos;
    boolean stands = true;
    boolean isWritten;
    boolean isThere;

    /** Of its series; {@link #NOT_KNOWN} until it is read. */
    int count = 1;

    Said(long dueNanos) {
      this.dueNanos = dueNanos;
    }
  }

  private final String instance;
  private final Machinery machinery;
  private final Writers.Subjects subjects;
  private final Leadership leadership;
  private final InstantSource wallClock;
  private final Backoff backoff;
  private final RareWarning failure;

  private final Map<Complaint, Said> said = new LinkedHashMap<>();

  /** When each namespace had its turn last, counted in writes. */
  private final Map<String, Long> turns = new HashMap<>();

  private long writes;
  private @Nullable ApiRequest request;
  private @Nullable ScheduledFuture<?> next;
  private boolean isLookDue;

  /** Until then the tokens that were taken are made up for. */
  private long spentUntilNanos;

  private long quietUntilNanos;
  private boolean isForbiddenTold;
  private boolean isFullTold;

  /** Counts the times of leading: what an earlier one has scheduled does nothing. */
  private int term;

  /**
   * @param instance of this process, for who reads Events
   */
  EventWriter(
      String instance,
      Machinery machinery,
      Writers.Subjects subjects,
      Leadership leadership,
      InstantSource wallClock) {
    this.instance = instance;
    this.machinery = machinery;
    this.subjects = subjects;
    this.leadership = leadership;
    this.wallClock = wallClock;
    this.backoff = new Backoff(machinery.random());
    this.failure = new RareWarning(LOG, machinery.nanoTime());
  }

  /** From now on this replica leads. */
  void leading() {
    spentUntilNanos = now();
    quietUntilNanos = now();
    isForbiddenTold = false;
    isFullTold = false;
    lookIsDue();
  }

  /** From now on it does not. */
  void following() {
    term++;
    isLookDue = false;
    if (request != null) request.cancel();
    if (next != null) next.cancel(false);
    request = null;
    said.clear();
    turns.clear();
  }

  private long now() {
    return machinery.nanoTime().getAsLong();
  }

  // ---- what stands

  /** Something else may be wrong now. */
  void lookIsDue() {
    if (isLookDue || !leadership.isLeading()) return;
    isLookDue = true;
    int of = term;
    schedule(() -> look(of), LOOK_AFTER.toNanos());
  }

  private void look(int of) {
    if (of != term) return;
    isLookDue = false;
    remember(subjects.standing().get());
    writeNext();
  }

  private void remember(List<Diagnostic> standing) {
    Set<Complaint> complaints = new LinkedHashSet<>();
    standing.stream()
        .sorted(Comparator.comparing(Diagnostic::level))
        .forEach(found ->
            subjects
                .source()
                .reference(found.source())
                .ifPresent(object -> complaints.add(Complaint.of(object, found))));
    said.forEach((complaint, known) -> known.stands = complaints.contains(complaint));
    said.values()
        .removeIf(known -> !known.stands && (!known.isWritten || now() - known.dueNanos >= 0));
    List<Complaint> wanted = wanted(complaints);
    if (wanted.size() > REMEMBERED_MAX) tellFull();
    List<Complaint> chosen = FairShare.of(wanted, each -> each.object.namespace(), REMEMBERED_MAX);
    said.keySet().retainAll(new HashSet<>(chosen));
    for (Complaint complaint : chosen) {
      said.computeIfAbsent(complaint, first -> new Said(now() + SETTLED_AFTER.toNanos()));
    }
    Set<String> namespaces = new HashSet<>();
    chosen.forEach(each -> namespaces.add(each.object.namespace()));
    turns.keySet().retainAll(namespaces);
  }

  /** First what was said and stands, then what is new, last what is gone. */
  private List<Complaint> wanted(Set<Complaint> complaints) {
    List<Complaint> wanted = new ArrayList<>();
    List<Complaint> gone = new ArrayList<>();
    Map<ApiReference, Integer> ofObject = new HashMap<>();
    said.forEach((complaint, known) -> {
      ofObject.merge(complaint.object, 1, Integer::sum);
      (known.stands ? wanted : gone).add(complaint);
    });
    for (Complaint complaint : complaints) {
      if (said.containsKey(complaint)) continue;
      if (ofObject.merge(complaint.object, 1, Integer::sum) <= OF_AN_OBJECT_MAX) {
        wanted.add(complaint);
      }
    }
    wanted.addAll(gone);
    return wanted;
  }

  private void tellFull() {
    if (isFullTold) return;
    isFullTold = true;
    LOG.warn(
        "there are more than {} Events to write; the rest stands in the log alone", REMEMBERED_MAX);
  }

  // ---- writing

  /** The first one, when it is due and there is a token; else waits for either. */
  private void writeNext() {
    if (next != null) next.cancel(false);
    if (request != null || !leadership.isLeading()) return;
    Map.Entry<Complaint, Said> first = null;
    for (Map.Entry<Complaint, Said> entry : said.entrySet()) {
      if (!entry.getValue().stands) continue;
      if (first == null || goesBefore(entry, first)) first = entry;
    }
    if (first == null) return;
    long waitNanos =
        Math.max(
            first.getValue().dueNanos - now(),
            Math.max(quietUntilNanos - now(), spentUntilNanos - now() - SPENT_MAX.toNanos()));
    if (waitNanos > 0) {
      next = schedule(this::writeNext, waitNanos);
      return;
    }
    if (spentUntilNanos - now() < 0) spentUntilNanos = now();
    spentUntilNanos += WRITE_EVERY.toNanos();
    write(first.getKey(), first.getValue());
  }

  private boolean goesBefore(Map.Entry<Complaint, Said> one, Map.Entry<Complaint, Said> other) {
    long now = now();
    long early = one.getValue().dueNanos - other.getValue().dueNanos;
    boolean areDue = one.getValue().dueNanos - now <= 0 && other.getValue().dueNanos - now <= 0;
    long turn = areDue ? turn(one.getKey()) - turn(other.getKey()) : 0;
    return turn == 0 ? early < 0 : turn < 0;
  }

  private long turn(Complaint complaint) {
    return turns.getOrDefault(complaint.object.namespace(), 0L);
  }

  private void write(Complaint complaint, Said known) {
    String namespace = complaint.object.namespace();
    turns.put(namespace, ++writes);
    String path = ApiKind.EVENT.path(namespace.isEmpty() ? "default" : namespace);
    String now = ApiWrite.micros(wallClock.instant());
    ApiWrite write =
        known.isThere
            ? ApiWrite.merge(path + "/" + complaint.name(), series(known.count, now))
            : ApiWrite.create(path, event(complaint, now));
    request = ApiRequest.send(machinery, write, answer -> onWritten(complaint, known, answer));
  }

  private static String series(int before, String now) {
    if (before == NOT_KNOWN) return NO_CHANGE;
    return "{\"series\":{\"count\":" + (before + 1) + ",\"lastObservedTime\":\"" + now + "\"}}";
  }

  private String event(Complaint complaint, String now) {
    String namespace = complaint.object.namespace();
    return "{\"apiVersion\":\"events.k8s.io/v1\",\"kind\":\"Event\",\"metadata\":{\"name\":"
        + ApiWrite.quoted(complaint.name())
        + ",\"namespace\":"
        + ApiWrite.quoted(namespace.isEmpty() ? "default" : namespace)
        + "},\"eventTime\":\""
        + now
        + "\",\"reportingController\":\""
        + CONTROLLER
        + "\",\"reportingInstance\":"
        + ApiWrite.quoted(instance)
        + ",\"action\":\"Serve\",\"type\":\""
        + complaint.type
        + "\",\"reason\":\""
        + complaint.reason
        + "\",\"regarding\":"
        + complaint.object.json()
        + ",\"note\":"
        + ApiWrite.quoted(complaint.note)
        + "}";
  }

  /** By bytes, never within a character. */
  private static String cut(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (utf8.length <= NOTE_BYTES_MAX) return text;
    int end = NOTE_BYTES_MAX - 3;
    while ((utf8[end] & 0xC0) == 0x80) end--;
    return new String(utf8, 0, end, StandardCharsets.UTF_8) + "...";
  }

  private void onWritten(Complaint complaint, Said known, ApiRequest.Answer answer) {
    request = null;
    int status = answer.fault().isEmpty() ? answer.status() : 0;
    boolean isThere = known.isThere;
    if (answer.isGood() && known.count == NOT_KNOWN) {
      known.count = ApiJson.seriesCount(answer.body());
      long spreadNanos = machinery.random().nextLong(FOUND_SPREAD.toNanos());
      written(known, REWRITE_EVERY_MIN.plusNanos(spreadNanos));
      failure.works();
    } else if (answer.isGood()) {
      if (isThere) known.count++;
      known.isThere = true;
      written(known, REWRITE_EVERY_MIN);
      failure.works();
    } else if (status == CONFLICT && !isThere) {
      known.isThere = true; // of an earlier leader, or before it was gone
      known.count = NOT_KNOWN;
    } else if (status == NOT_FOUND && isThere) {
      known.isThere = false; // forgotten by the API server
      known.count = 1;
    } else if (status == FORBIDDEN) {
      written(known, REFUSED_AGAIN_AFTER);
      boolean isEnding = ApiJson.hasCause(answer.body(), TERMINATING);
      if (!isEnding) tellForbidden(complaint, answer);
    } else if (status >= 400 && status < 500 && status != TOO_MANY && status != 401) {
      written(known, REFUSED_AGAIN_AFTER);
      failure.tell(refused(complaint, answer));
    } else {
      failure.tell(refused(complaint, answer) + "; it is tried again");
      long asked = TimeUnit.SECONDS.toNanos(answer.retryAfterSeconds());
      quietUntilNanos =
          now() + Math.max(backoff.nextNanos(), Math.min(asked, RETRY_AFTER_MAX.toNanos()));
      writeNext();
      return;
    }
    backoff.reset();
    writeNext();
  }

  /** Not again before a while, gone or not. */
  private void written(Said known, Duration again) {
    known.isWritten = true;
    known.dueNanos = now() + again.toNanos();
  }

  private ScheduledFuture<?> schedule(Runnable task, long waitNanos) {
    return machinery.thread().schedule(task, waitNanos, TimeUnit.NANOSECONDS);
  }

  private void tellForbidden(Complaint complaint, ApiRequest.Answer answer) {
    if (isForbiddenTold) return;
    isForbiddenTold = true;
    LOG.warn(
        "{} (grant create and patch on events.events.k8s.io, or use --events=false); it is tried"
            + " again, and not said again",
        refused(complaint, answer));
  }

  private static String refused(Complaint complaint, ApiRequest.Answer answer) {
    ApiReference object = complaint.object;
    return "an Event on "
        + object.kind()
        + " "
        + new ObjectKey(object.namespace(), object.name())
        + " could not be written: "
        + answer.reason();
  }
}
