package dev.penstock.admission;

import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.translate.IngressTranslator;
import dev.penstock.ingress.translate.IngressTranslator.Asked;
import dev.penstock.ingress.translate.TranslationMemory;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Answers reviews by what is in the cluster. An answer depends on the review, the last view and the
 * settings, and on nothing else but the {@link Turns} of dear ones; what is remembered between
 * answers makes them faster, since a review changes one object among thousands.
 *
 * <p>Thread-safe: reviews are read side by side. Small ones of Ingresses are translated one after
 * the other. Large ones, which may take a hundred times as long, are by themselves, and so are
 * those of a ConfigMap or a Service, by which every Ingress may have to be translated anew.
 */
public final class Admission {
  static final String ALONE =
      "what this does to Ingresses is not said: too many ConfigMaps and Services are being judged";

  private final AdmissionSettings settings;
  private final int smallBytesMax;
  private final Memory ofSmall = new Memory();
  private final Memory ofDear = new Memory();
  private final Turns turns;
  private volatile @Nullable World world;

  /**
   * What reviews are judged by.
   *
   * @param inForce the texts of the ConfigMap that are in force
   */
  private record World(ClusterView view, Map<String, String> inForce) {}

  /** What one translation leaves for the next. */
  private final class Memory {
    private final TranslationMemory memory = TranslationMemory.withoutSecrets();

    synchronized Asked ask(ClusterView view, Map<String, String> inForce) {
      return IngressTranslator.asked(
          view, inForce, settings.configMaps(), settings.classes(), memory);
    }
  }

  /**
   * @param smallBytesMax of a review that does not wait for a longer one
   * @param nanos a clock, for turns alone
   */
  public Admission(AdmissionSettings settings, int smallBytesMax, LongSupplier nanos) {
    this.settings = settings;
    this.smallBytesMax = smallBytesMax;
    this.turns = new Turns(nanos);
  }

  /** From now on these are the objects of the cluster. One thread at a time. */
  public void onView(ClusterView current) {
    World last = world;
    Map<String, String> inForce = last == null ? Map.of() : last.inForce;
    world = new World(current, ofSmall.ask(current, inForce).settings().configMap());
  }

  /**
   * Answers one review. Never throws for what is in it.
   *
   * @param body begins with the JSON of an AdmissionReview; not changed, and not kept
   * @param length how many bytes are it
   */
  public Answer answer(byte[] body, int length) {
    Review review;
    try {
      review = ReviewReader.read(body, length);
    } catch (Malformed malformed) {
      return Answer.refused(malformed.why());
    }
    World current = world;
    if (current == null) return Answer.failed(503, "the cluster has not been read yet");
    try {
      return verdict(review, current, length <= smallBytesMax).answer(review.uid());
    } catch (RuntimeException defect) {
      String what = defect.getClass().getSimpleName(); // its message may hold a value
      return Answer.failed(500, "a defect of Penstock (" + what + "): please report it");
    }
  }

  private Verdict verdict(Review review, World current, boolean isSmall) {
    if (review.isOfIngress() && isSmall) return judge(review, current, ofSmall);
    if (review.isOfIngress()) {
      Verdict verdict = judge(review, current, ofDear);
      ofDear.ask(current.view, current.inForce); // what it held, megabytes, is forgotten
      return verdict;
    }
    if (!turns.take()) return judgedAlone(review, current);
    try {
      return judge(review, current, ofDear);
    } finally {
      turns.giveBack();
    }
  }

  private Verdict judge(Review review, World current, Memory memory) {
    return new Judge(settings, current.view, view -> memory.ask(view, current.inForce))
        .judge(review);
  }

  /** What is wrong with the object by itself, which costs little. */
  private Verdict judgedAlone(Review review, World current) {
    World alone =
        new World(ReviewedKind.INGRESS.with().apply(current.view, Map.of()), current.inForce);
    Verdict verdict = judge(review, alone, new Memory());
    return new Verdict(
        verdict.faults(), Stream.concat(verdict.warnings().stream(), Stream.of(ALONE)).toList());
  }
}
