module.exports = {
  make: () => {
    throw new Error('must never run');
  },
};
