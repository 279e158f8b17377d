//! `minions.*`: minions, their presence, grains and keys.
