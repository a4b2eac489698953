package dev.penstock.ingress.source.kubernetes;

/** Which replica writes. One thread. */
interface Leadership {
  /** Who is told, on the thread of the machinery. */
  interface Owner {
    void leading();

    void following();
  }

  void start();

  /** Whether nobody else may lead at this moment. */
  boolean isLeading();

  /**
   * Ends.
   *
   * @param then runs when others may lead, or that could not be said
   */
  void release(Runnable then);

  /** Of a replica that has no others beside it. */
  static Leadership alone(Owner owner) {
    return new Leadership() {
      private boolean isLeading;

      @Override
      public void start() {
        isLeading = true;
        owner.leading();
      }

      @Override
      public boolean isLeading() {
        return isLeading;
      }

      @Override
      public void release(Runnable then) {
        isLeading = false;
        then.run();
      }
    };
  }
}
