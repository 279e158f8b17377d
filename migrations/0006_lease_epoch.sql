-- Which run of a plugin holds a delivery: a plugin that started again cannot know whether it published before.
ALTER TABLE delivery ADD COLUMN leased_epoch uuid;
